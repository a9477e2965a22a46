import type { Retrier } from './asl.ts';

/**
 * Retries on a Lambda function's behalf: what the Lambda service answers when it is the one that failed, and what the
 * handlers throw when a service they called throttled them beyond the SDK's own retries. Each handler is safe to run twice.
 */
export const lambdaRetries: readonly Retrier[] = [
  {
    ErrorEquals: ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
  {
    ErrorEquals: ['ThrottlingException', 'TooManyRequestsException', 'SlowDown', 'ServiceUnavailable', 'InternalError', 'TimeoutError'],
    IntervalSeconds: 5,
    MaxAttempts: 4,
    BackoffRate: 2,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
];

/**
 * Retries of CreateTrainingJob: throttling alone. A failed job is not tried again, since the same data and
 * parameters fail the same way, and `ResourceLimitExceeded` needs a person (a quota or another instance type).
 */
export const trainingRetries: readonly Retrier[] = [
  {
    ErrorEquals: ['ThrottlingException', 'SageMaker.ThrottlingException', 'SageMaker.AmazonSageMakerException', 'SageMaker.SdkClientException'],
    IntervalSeconds: 5,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
];

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
