import { Duration, Size } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';

/** Defaults of `TrainingPipeline`. */
export const pipelineDefaults = {
  instanceType: 'ml.m5.xlarge',
  instanceCount: 1,
  volumeSize: Size.gibibytes(30),
  maxTrainingTime: Duration.hours(1),
  useSpot: false,
  /** Beyond `maxTrainingTime`: waiting for spare capacity, and for it to come back. */
  spotWaitMargin: Duration.hours(1),
  networkIsolation: true,
  timeout: Duration.hours(12),
  /** The functions that read so much need 3008 MiB, which is what a new account may give a function. */
  maximumDataSize: Size.mebibytes(240),
  architecture: Architecture.ARM_64,
  autoStart: true,
  tracing: true,
  logExecutionData: false,
} as const;

/** Timeouts of the functions that do not depend on how much data there is. */
export const smallFunctionTimeout = Duration.minutes(2);

/** Lambda's own bound, for the functions that read data. */
export const dataFunctionTimeout = Duration.minutes(15);

/** The memory of a function that moves small objects. */
export const smallFunctionMemoryMiB = 512;
