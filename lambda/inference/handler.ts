import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { embeddedMetrics } from '../../model/serving/embedded-metrics.ts';
import { answer } from '../../model/serving/http/answer.ts';
import type { ServingPorts } from '../../model/serving/http/call.ts';
import { errorResponse, HttpError } from '../../model/serving/http/error.ts';
import { LiveModels } from '../../model/serving/live-models.ts';
import { metricsNamespace } from '../../model/spec/serving-metrics.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { fetchModel } from '../shared/serving/fetch-model.ts';
import { readRecord } from '../shared/serving/record-reader.ts';
import { type LambdaContext, newLogger, newMetrics } from '../shared/task.ts';
import { type InferenceEnv, inferenceEnv } from './env.ts';
import { answerOf, type HttpAnswer, httpEventSchema, requestOf } from './http-event.ts';

const env: InferenceEnv = readEnv(inferenceEnv);
const namespace = process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? metricsNamespace;
const maximumRows = readNumber('MAX_BATCH_ROWS', env.MAX_BATCH_ROWS, 1);
const logger = newLogger('inference');
const metrics = newMetrics('inference');

const models = new LiveModels(
  {
    readRecord: (etag) => readRecord({ bucket: env.RECORD_BUCKET, key: env.RECORD_KEY }, etag),
    load: fetchModel,
    // The wall clock: a monotonic one may stand still while Lambda keeps the function frozen.
    now: () => Date.now(),
    random: Math.random,
    onFailure: (what, error, details) => {
      logger.error(what === 'model' ? 'The deployed model is refused' : 'The deployment record cannot be read', { error, ...details });
      metrics.addMetric(what === 'model' ? 'ModelLoadFailures' : 'RecordReadFailures', MetricUnit.Count, 1);
    },
    onLoaded: ({ modelName, modelVersion, artifact }, seconds) => logger.info('A model was loaded', { modelName, modelVersion, artifact, seconds }),
  },
  readNumber('REVALIDATE_SECONDS', env.REVALIDATE_SECONDS, 0) * 1000,
);

const ports: ServingPorts = {
  choose: (version) => models.choose(version),
  all: () => models.all(),
  maximumRows,
  // Past the console, which Lambda wraps in JSON of its own.
  observe: (answered) => {
    if (!answered.predicts) return;
    for (const line of embeddedMetrics(namespace, env.TARGET_NAME, [answered], Date.now())) process.stdout.write(`${line}\n`);
  },
  onFailure: (error, requestId) => logger.error('A request failed', { error, requestId }),
};

// Loaded while the function starts, when Lambda gives it a whole CPU; where there is no model yet, the first request says so.
await models.all().catch(() => undefined);
if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();

/** The prediction API. A request that cannot be served gets an answer that says why, never an error of the function. */
export async function handler(event: unknown, context: LambdaContext): Promise<HttpAnswer> {
  const found = httpEventSchema.safeParse(event);
  if (!found.success) return answerOf(errorResponse(new HttpError(400, 'InvalidEvent', `The event is none that this function answers: ${found.error.issues[0]?.message ?? ''}.`), context.awsRequestId));
  const response = await answer(requestOf(found.data, context.awsRequestId), ports);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return answerOf(response);
}
