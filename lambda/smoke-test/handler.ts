import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { readJson } from '../shared/objects.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { parseS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { checkEndpoint } from './check.ts';
import { type SmokeTestEnv, smokeTestEnv } from './env.ts';
import { smokeTestSchema, type SmokeTestResult } from './payload.ts';
import { signedEndpoint } from './signed-endpoint.ts';

const env: SmokeTestEnv = readEnv(smokeTestEnv);
const revalidateSeconds = readNumber('REVALIDATE_SECONDS', env.REVALIDATE_SECONDS, 0);
const endpoint = signedEndpoint(env.ENDPOINT_URL);

/** Beyond the revalidation: a cold start, the download of the model and its warm-up. */
const loadingMs = 60_000;

/** Kept back of the function's time, to report a failure with its reason. */
const reserveMs = 5_000;

/** Predicts a real row over HTTP, once the API serves the deployed version. */
export const handler = task('smoke-test', smokeTestSchema, async ({ model, sample, rows: given }, { logger, metrics, deadline }): Promise<SmokeTestResult> => {
  const rows = sample === undefined ? given : (await readJson(parseS3Uri(sample))).value;
  const patience = Math.min(Date.now() + revalidateSeconds * 1000 + loadingMs, deadline - reserveMs);
  const result = await checkEndpoint(endpoint, model, rows, patience);
  logger.info('The endpoint serves the model', { url: result.url, modelVersion: result.modelVersion, latencyMs: result.latencyMs });
  metrics.addMetric('SmokeTestLatency', MetricUnit.Milliseconds, result.latencyMs);
  return result;
});
