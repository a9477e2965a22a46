import { Duration } from 'aws-cdk-lib';
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

/** The routes of the prediction API. */
export const inferenceRoutes = [
  { method: 'GET', path: '/health' },
  { method: 'POST', path: '/predict' },
  { method: 'POST', path: '/predict/batch' },
  { method: 'GET', path: '/model/info' },
] as const;

/** Defaults of `ServingAlarms`. */
export const alarmDefaults = {
  percentile: 99,
  latency: Duration.millis(500),
  errorPercent: 5,
  badMinutes: { latency: 5, errorRate: 3, canary: 2 },
} as const;
