import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Answered, asksForPredictions, embeddedMetrics } from '../../model/serving/embedded-metrics.ts';
import { errorResponse, HttpError } from '../../model/serving/http/error.ts';
import type { HttpRequest, HttpResponse } from '../../model/serving/http/message.ts';
import { answer } from '../../model/serving/http/routes.ts';
import { LiveModels, type Served } from '../../model/serving/live-models.ts';
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

// Loaded while the function starts, when Lambda gives it a whole CPU; where there is no model yet, the first request says so.
await models.all().catch(() => undefined);
if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();

/** The prediction API. A request that cannot be served gets an answer that says why, never an error of the function. */
export async function handler(event: unknown, context: LambdaContext): Promise<HttpAnswer> {
  const found = httpEventSchema.safeParse(event);
  if (!found.success) return answerOf(errorResponse(new HttpError(400, 'InvalidEvent', `The event is none that this function answers: ${found.error.issues[0]?.message ?? ''}.`), context.awsRequestId));
  return answerOf(await respond(requestOf(found.data, context.awsRequestId)));
}

async function respond(request: HttpRequest): Promise<HttpResponse> {
  const startedAt = performance.now();
  let chosen: Served | undefined;
  let response: HttpResponse;
  try {
    response = await answer(request, { choose: async (version) => (chosen = await models.choose(version)), maximumRows, onPredicted: () => undefined });
  } catch (error) {
    response = errorResponse(httpErrorOf(error, request.requestId), request.requestId);
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  if (asksForPredictions(request.method)) report({ role: chosen?.role, modelVersion: chosen?.identity.modelVersion, status: response.status, milliseconds: performance.now() - startedAt });
  return response;
}

/** Past the console, which Lambda wraps in JSON of its own. */
function report(request: Answered): void {
  for (const line of embeddedMetrics(namespace, env.TARGET_NAME, [request], Date.now())) process.stdout.write(`${line}\n`);
}

function httpErrorOf(error: unknown, requestId: string): HttpError {
  if (error instanceof HttpError) return error;
  logger.error('A request failed', { error, requestId });
  return new HttpError(500, 'InternalError', 'The request could not be served. The log has the reason under the request id.');
}
