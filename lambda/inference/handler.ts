import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { parse } from '../shared/payload.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { type LambdaContext, newLogger, newMetrics } from '../shared/task.ts';
import { type InferenceEnv, inferenceEnv } from './env.ts';
import { errorResponse, HttpError } from './http-error.ts';
import { httpEventSchema, type HttpResponse, requestOf } from './http-event.ts';
import { loadModel } from './loaded-model.ts';
import { ModelStore } from './model-store.ts';
import { readRecord } from './record-reader.ts';
import { answer, type RoutePorts } from './routes.ts';

const env: InferenceEnv = readEnv(inferenceEnv);
const logger = newLogger('inference');
const metrics = newMetrics('inference');

const store = new ModelStore(
  {
    readRecord: (etag) => readRecord({ bucket: env.RECORD_BUCKET, key: env.RECORD_KEY }, etag),
    load: loadModel,
    // The wall clock: a monotonic one may stand still while Lambda keeps the function frozen.
    now: () => Date.now(),
    onFailure: (what, error, details) => {
      logger.error(what === 'model' ? 'The deployed model is refused' : 'The deployment record cannot be read', { error, ...details });
      metrics.addMetric(what === 'model' ? 'ModelLoadFailures' : 'RecordReadFailures', MetricUnit.Count, 1);
    },
    onLoaded: ({ modelName, modelVersion, artifact }, seconds) => logger.info('A model was loaded', { modelName, modelVersion, artifact, seconds }),
  },
  readNumber('REVALIDATE_SECONDS', env.REVALIDATE_SECONDS, 0) * 1000,
);

const ports: RoutePorts = {
  current: () => store.get(),
  maximumRows: readNumber('MAX_BATCH_ROWS', env.MAX_BATCH_ROWS, 1),
  onPredicted: ({ served }, rows, milliseconds) => {
    metrics.addDimension('ModelVersion', served.modelVersion);
    metrics.addMetric('Predictions', MetricUnit.Count, rows);
    metrics.addMetric('PredictionLatency', MetricUnit.Milliseconds, milliseconds);
  },
};

// Loaded while the function starts, when Lambda gives it a whole CPU; where there is no model yet, the first request says so.
await store.get().catch(() => undefined);
if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();

/** The prediction API. A request that cannot be served gets an answer that says why, never an error of the function. */
export async function handler(event: unknown, context: LambdaContext): Promise<HttpResponse> {
  let requestId = context.awsRequestId;
  try {
    const request = requestOf(parse(httpEventSchema, event, 'event'), requestId);
    requestId = request.requestId;
    return await answer(request, ports);
  } catch (error) {
    if (error instanceof HttpError) {
      metrics.addMetric(error.status >= 500 ? 'Unavailable' : 'RefusedRequests', MetricUnit.Count, 1);
      return errorResponse(error, requestId);
    }
    logger.error('A request failed', { error, requestId });
    metrics.addMetric('FailedRequests', MetricUnit.Count, 1);
    return errorResponse(new HttpError(500, 'InternalError', 'The request could not be served. The log has the reason under the request id.'), requestId);
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}
