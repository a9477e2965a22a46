import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { readJson } from '../shared/objects.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { parseS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { type Check, checkEndpoint } from './check.ts';
import { checkInvocations } from './check-invocations.ts';
import { type SmokeTestEnv, smokeTestEnv } from './env.ts';
import { invokedEndpoint } from './invoked-endpoint.ts';
import { sageMakerEndpoint } from './sagemaker-endpoint.ts';
import { smokeTestSchema, type SmokeTestResult } from './payload.ts';
import { signedEndpoint } from './signed-endpoint.ts';

const env: SmokeTestEnv = readEnv(smokeTestEnv);
const revalidateSeconds = readNumber('REVALIDATE_SECONDS', env.REVALIDATE_SECONDS, 0);
const check = checkOf(env.ENDPOINT_URL);

/** Beyond the revalidation: a cold start, the download of the model and its warm-up. */
const loadingMs = 60_000;

/** Kept back of the function's time, to report a failure with its reason. */
const reserveMs = 5_000;

/** Predicts a real row, once the target serves the deployed version. */
export const handler = task('smoke-test', smokeTestSchema, async ({ model, byVersion, sample, rows: given }, { logger, metrics, deadline }): Promise<SmokeTestResult> => {
  const rows = sample === undefined ? given : (await readJson(parseS3Uri(sample))).value;
  const patience = Math.min(Date.now() + revalidateSeconds * 1000 + loadingMs, deadline - reserveMs);
  const result = await check({ model, byVersion, sample: rows, deadline: patience });
  logger.info('The endpoint serves the model', { url: result.url, modelVersion: result.modelVersion, latencyMs: result.latencyMs });
  metrics.addMetric('SmokeTestLatency', MetricUnit.Milliseconds, result.latencyMs);
  return result;
});

/** How the target is asked: over HTTP, past its front door, or by SageMaker. */
function checkOf(address: string): (check: Check) => Promise<SmokeTestResult> {
  if (/^arn:[^:]+:sagemaker:/.test(address)) {
    const invocations = sageMakerEndpoint(address);
    return (check) => checkInvocations(invocations, check);
  }
  const endpoint = address.startsWith('arn:') ? invokedEndpoint(address) : signedEndpoint(address);
  return (check) => checkEndpoint(endpoint, check);
}
