import { Duration, Size } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';

/** Defaults of what every service of containers has. */
export const containerDefaults = {
  port: 8080,
  user: '1000:1000',
  maxBatchRows: 10_000,
  revalidateAfter: Duration.seconds(5),
  executeCommand: false,
  internetFacing: false,
  /** What a request has to finish in when its task stops. SageMaker gives as much. */
  stopTimeout: Duration.seconds(30),
  /** How long a new task may take to load its model before it is looked at. */
  healthCheckGracePeriod: Duration.seconds(60),
} as const;

/** Defaults of `InferenceService`. */
export const inferenceServiceDefaults = {
  architecture: Architecture.ARM_64,
  cpu: 1024,
  memorySizeMiB: 2048,
  minTasks: 1,
  maxTasks: 4,
  targetCpuPercent: 60,
  targetRequestsPerMinute: 12_000,
  spotPercent: 0,
  onDemandTasks: 1,
  /** How long the first task may take, from nothing. */
  firstTask: Duration.minutes(15),
} as const;

/**
 * Whether a container is alive: whether its server answers at all, be it that it has no model yet. By Node itself, since images that hold nothing but what
 * they need have neither a shell nor curl. Whether it is asked is for the load balancer to find out.
 */
export const containerHealth = {
  command: ['node', '-e', 'fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/ping`).then(() => process.exit(0), () => process.exit(1))'],
  interval: Duration.seconds(10),
  timeout: Duration.seconds(5),
  startPeriod: Duration.seconds(60),
  retries: 3,
} as const;

/** Defaults of `GpuService`. */
export const gpuServiceDefaults = {
  architecture: Architecture.X86_64,
  cpu: 2048,
  memorySizeMiB: 8192,
  storageSize: Size.gibibytes(80),
  production: false,
  /** An instance starts, its image is pulled, a model is loaded into the GPU's memory. */
  healthCheckGracePeriod: Duration.minutes(10),
  /** How long the first task may take, from nothing: an instance starts before it, where there is capacity. */
  firstTask: Duration.minutes(45),
  /** As long as Amazon ECS allows. */
  healthStartPeriod: Duration.minutes(5),
} as const;
