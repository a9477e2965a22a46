import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { errorResponse, HttpError } from '../../model/serving/http/error.ts';
import { answer, type RoutePorts } from '../../model/serving/http/routes.ts';
import { LiveModels } from '../../model/serving/live-models.ts';
import { parse } from '../shared/payload.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { fetchModel } from '../shared/serving/fetch-model.ts';
import { readRecord } from '../shared/serving/record-reader.ts';
import { type LambdaContext, newLogger, newMetrics } from '../shared/task.ts';
import { type InferenceEnv, inferenceEnv } from './env.ts';
import { answerOf, type HttpAnswer, httpEventSchema, requestOf } from './http-event.ts';

const env: InferenceEnv = readEnv(inferenceEnv);
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

const ports: RoutePorts = {
  choose: (version) => models.choose(version),
  maximumRows: readNumber('MAX_BATCH_ROWS', env.MAX_BATCH_ROWS, 1),
  onPredicted: ({ identity }, rows, milliseconds) => {
    metrics.addDimension('ModelVersion', identity.modelVersion);
    metrics.addMetric('Predictions', MetricUnit.Count, rows);
    metrics.addMetric('PredictionLatency', MetricUnit.Milliseconds, milliseconds);
  },
};

// Loaded while the function starts, when Lambda gives it a whole CPU; where there is no model yet, the first request says so.
await models.all().catch(() => undefined);
if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();

/** The prediction API. A request that cannot be served gets an answer that says why, never an error of the function. */
export async function handler(event: unknown, context: LambdaContext): Promise<HttpAnswer> {
  let requestId = context.awsRequestId;
  try {
    const request = requestOf(parse(httpEventSchema, event, 'event'), requestId);
    requestId = request.requestId;
    return answerOf(await answer(request, ports));
  } catch (error) {
    if (error instanceof HttpError) {
      metrics.addMetric(error.status >= 500 ? 'Unavailable' : 'RefusedRequests', MetricUnit.Count, 1);
      return answerOf(errorResponse(error, requestId));
    }
    logger.error('A request failed', { error, requestId });
    metrics.addMetric('FailedRequests', MetricUnit.Count, 1);
    return answerOf(errorResponse(new HttpError(500, 'InternalError', 'The request could not be served. The log has the reason under the request id.'), requestId));
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}
