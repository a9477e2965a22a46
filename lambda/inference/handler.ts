import { answer } from '../../model/serving/http/answer.ts';
import type { ServingPorts } from '../../model/serving/http/call.ts';
import { errorResponse, HttpError } from '../../model/serving/http/error.ts';
import type { HttpResponse } from '../../model/serving/http/message.ts';
import { parse } from '../shared/payload.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { followRecord, reportTo } from '../shared/serving/live-target.ts';
import { type LambdaContext, newLogger, newMetrics } from '../shared/task.ts';
import { authorizer } from './authorization/authorize.ts';
import { corsHeaders, corsSchema, preflight } from './cors.ts';
import { type InferenceEnv, inferenceEnv } from './env.ts';
import { httpEventSchema, requestOf } from './http-event.ts';
import { answerOf, type HttpAnswer } from './response.ts';
import { streamed, type StreamingRuntime } from './streaming.ts';

const env: InferenceEnv = readEnv(inferenceEnv);
const withPayloads = env.LOG_PAYLOADS === 'true';
const maximumRows = readNumber('MAX_BATCH_ROWS', env.MAX_BATCH_ROWS, 1);
const cors = parse(corsSchema, JSON.parse(env.CORS), 'CORS');
const logger = newLogger('inference');
const metrics = newMetrics('inference');

const models = followRecord({ bucket: env.RECORD_BUCKET, key: env.RECORD_KEY }, readNumber('REVALIDATE_SECONDS', env.REVALIDATE_SECONDS, 0) * 1000, logger, metrics);

const ports: ServingPorts = {
  choose: (version) => models.choose(version),
  all: () => models.all(),
  authorize: authorizer(env.AUTHORIZATION, (message, details) => logger.error(message, details)),
  maximumRows,
  observe: reportTo(env.TARGET_NAME, withPayloads),
  onFailure: (error, requestId) => logger.error('A request failed', { error, requestId }),
};

// Loaded while the function starts, when Lambda gives it a whole CPU; where there is no model yet, the first request says so.
await models.all().catch(() => undefined);
if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();

/** A request that cannot be served gets an answer that says why, never an error of the function. */
async function respond(event: unknown, context: LambdaContext): Promise<HttpResponse> {
  const found = httpEventSchema.safeParse(event);
  if (!found.success) return errorResponse(new HttpError(400, 'InvalidEvent', `The event is none that this function answers: ${found.error.issues[0]?.message ?? ''}.`), context.awsRequestId);
  const request = requestOf(found.data, context.awsRequestId);
  const permission = preflight(cors, request);
  if (permission !== undefined) return permission;
  const response = await answer(request, 'directlyInvoked' in found.data ? { ...ports, authorize: () => Promise.resolve() } : ports);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return { ...response, headers: { ...response.headers, ...corsHeaders(cors, request.headers['origin']) } };
}

async function buffered(event: unknown, context: LambdaContext): Promise<HttpAnswer> {
  return answerOf(await respond(event, context), context.awsRequestId);
}

const { awslambda: runtime } = globalThis as { awslambda?: StreamingRuntime<typeof buffered> };
if (env.STREAMING === 'true' && runtime === undefined) throw new Error('STREAMING is true, and the runtime has no awslambda.streamifyResponse, expected Lambda\'s Node runtime.');

/** The prediction API, behind whichever front door. */
export const handler = env.STREAMING === 'true' ? streamed(runtime!, respond) : buffered;
