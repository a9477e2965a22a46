import type { Retrier } from './asl.ts';

/** Retries where the Lambda service failed and not the function. */
export const lambdaServiceRetries: readonly Retrier[] = [
  {
    ErrorEquals: ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];

/**
 * Retries of a function as well: where a service that it called throttled it beyond the SDK's own retries, and, twice, where it
 * died (out of time, out of memory). Each handler is safe to run again.
 */
export const lambdaRetries: readonly Retrier[] = [
  ...lambdaServiceRetries,
  {
    ErrorEquals: ['ThrottlingException', 'TooManyRequestsException', 'SlowDown', 'ServiceUnavailable', 'InternalError', 'TimeoutError'],
    IntervalSeconds: 5,
    MaxAttempts: 4,
    BackoffRate: 2,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
  {
    ErrorEquals: ['Lambda.Unknown', 'Runtime.ExitError', 'Sandbox.Timedout'],
    IntervalSeconds: 5,
    MaxAttempts: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];

/** Retries of a call to SageMaker: throttling, and a little of what Step Functions names by the service alone. */
export const sageMakerRetries: readonly Retrier[] = [
  {
    ErrorEquals: ['ThrottlingException', 'SageMaker.ThrottlingException', 'SageMaker.SdkClientException'],
    IntervalSeconds: 5,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
  {
    // Whatever SageMaker has no error of its own for: throttling and faults, which pass, but permanent refusals (validation, access) as well.
    ErrorEquals: ['SageMaker.AmazonSageMakerException', 'SageMaker.SageMakerException'],
    IntervalSeconds: 5,
    MaxAttempts: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 30,
    JitterStrategy: 'FULL',
  },
];

/**
 * Retries of CreateTrainingJob and CreateHyperParameterTuningJob. A failed job is not tried again, since the same data and parameters fail the same way, and
 * `ResourceLimitExceeded` needs a person (a quota) or another instance type. A call whose first try made the job after all
 * ends as `ResourceInUse`.
 */
export const trainingRetries: readonly Retrier[] = sageMakerRetries;

/** Retries of a small S3 call. */
export const s3Retries: readonly Retrier[] = [
  {
    ErrorEquals: ['S3.S3Exception', 'S3.SdkClientException', 'S3.SlowDownException', 'S3.InternalErrorException'],
    IntervalSeconds: 2,
    MaxAttempts: 5,
    BackoffRate: 2,
    MaxDelaySeconds: 30,
    JitterStrategy: 'FULL',
  },
];

/** Retries of a call that asks CloudWatch how alarms stand. */
export const cloudWatchRetries: readonly Retrier[] = [
  { ErrorEquals: ['CloudWatch.CloudWatchException', 'CloudWatch.SdkClientException', 'CloudWatch.ThrottlingException'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2, MaxDelaySeconds: 30, JitterStrategy: 'FULL' },
];

/** Retries of a message. */
export const snsRetries: readonly Retrier[] = [
  { ErrorEquals: ['SNS.AmazonSNSException', 'SNS.SdkClientException', 'SNS.ThrottledException', 'SNS.InternalErrorException'], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, MaxDelaySeconds: 30, JitterStrategy: 'FULL' },
];

/** Retries of a call that starts an execution. One that failed is not started again: its own states have retried what can be retried. */
export const stepFunctionsRetries: readonly Retrier[] = [
  { ErrorEquals: ['StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException', 'StepFunctions.ThrottlingException'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
];

/** Waits for the end of another deployment, two hours or so: whoever asked is a machine, and has time. */
export const deploymentRetries: readonly Retrier[] = [
  { ErrorEquals: ['DeploymentInProgress'], IntervalSeconds: 30, MaxAttempts: 60, BackoffRate: 1.5, MaxDelaySeconds: 300, JitterStrategy: 'FULL' },
];
