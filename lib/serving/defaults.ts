import { Duration, Size } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';

/** Defaults of `InferenceApi`. */
export const inferenceDefaults = {
  /** One vCPU, which ONNX Runtime keeps busy. */
  memorySizeMiB: 1769,
  /** An HTTP API answers by itself after 30 s. */
  timeout: Duration.seconds(29),
  maxBatchRows: 100,
  revalidateAfter: Duration.seconds(5),
  throttlingRateLimit: 50,
  throttlingBurstLimit: 100,
  architecture: Architecture.ARM_64,
  tracing: true,
} as const;

/** Defaults of `ServingAlarms`. */
export const alarmDefaults = {
  percentile: 99,
  latency: Duration.millis(500),
  errorPercent: 5,
  badMinutes: { latency: 5, errorRate: 3, canary: 2 },
} as const;

/** Defaults of CORS. */
export const corsDefaults = { maxAge: Duration.hours(1) } as const;

/** Defaults of API keys. */
export const keyDefaults = {
  clients: ['default'],
  header: 'x-api-key',
  rotateEvery: Duration.days(30),
  gracePeriod: Duration.hours(24),
} as const;

/** Defaults of provisioned concurrency. */
export const provisionedDefaults = { targetUtilizationPercent: 70 } as const;

/** The alias behind which versions of the code are exchanged. */
export const liveAlias = 'live';

/** Defaults of `EndpointVariant`. */
export const endpointVariantDefaults = { count: 1, memorySizeMiB: 2048, maxConcurrency: 10 } as const;

/** Defaults of `EndpointUpdate`, and SageMaker's bounds on its timeout. */
export const endpointUpdateDefaults = {
  waitTime: Duration.minutes(5),
  bakeTime: Duration.minutes(5),
  leastTimeout: Duration.minutes(10),
  mostTimeout: Duration.hours(8),
  /** What new instances and their model take, beside the waits. */
  timeForStart: Duration.minutes(30),
} as const;

/** Defaults of `InferenceEndpoint`. */
export const inferenceEndpointDefaults = {
  networkIsolation: true,
  samplingPercent: 100,
  invocationsPerInstance: 1000,
  scaleInCooldown: Duration.minutes(5),
  scaleOutCooldown: Duration.minutes(1),
  tracing: true,
  /** Between two looks at an endpoint that is on its way, and when it counts as stuck: instances come within minutes, an update may take its whole timeout. */
  pollInterval: Duration.seconds(30),
  deadline: Duration.hours(1),
} as const;

/** Defaults of `TargetRollout`. */
export const rolloutDefaults = {
  memorySizeMiB: 512,
  functionTimeout: Duration.minutes(2),
  driverTimeout: Duration.minutes(2),
  pollInterval: Duration.seconds(15),
  deadline: Duration.hours(1),
  architecture: Architecture.ARM_64,
  tracing: true,
  /** Beyond `revalidateAfter`: a request that was under way when the record was read anew. */
  readerMarginSeconds: 1,
  /** The canary's alarms need two bad minutes of three, and metrics come with some delay. */
  leastStepSeconds: 240,
  /** Beyond the plan's own time: tests, retries, changes of what serves. */
  waitsSeconds: 86_400,
} as const;

/** Defaults of `AsyncInference`. */
export const asyncDefaults = {
  maxInputSize: Size.mebibytes(64),
  maxBatchRows: 100_000,
  batchSize: 10,
  maxConcurrency: 10,
  maxReceives: 3,
  timeout: Duration.minutes(5),
  /** A new account may not give more. */
  memorySizeMiB: 3008,
  /** SQS keeps nothing longer. */
  retention: Duration.days(14),
} as const;
