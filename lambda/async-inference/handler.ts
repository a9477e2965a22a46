import { answer } from '../../model/serving/http/answer.ts';
import type { ServingPorts } from '../../model/serving/http/call.ts';
import { parse } from '../shared/payload.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { followRecord, reportTo } from '../shared/serving/live-target.ts';
import { type LambdaContext, newLogger, newMetrics } from '../shared/task.ts';
import { type AsyncInferenceEnv, asyncInferenceEnv } from './env.ts';
import { batchSchema } from './message.ts';
import { processMessage } from './process.ts';
import { resultsIn } from './results.ts';

const env: AsyncInferenceEnv = readEnv(asyncInferenceEnv);
const maximumReceives = readNumber('MAX_RECEIVES', env.MAX_RECEIVES, 1);
const maximumBytes = readNumber('MAX_INPUT_BYTES', env.MAX_INPUT_BYTES, 1);
const logger = newLogger('async-inference');
const metrics = newMetrics('async-inference');

const models = followRecord({ bucket: env.RECORD_BUCKET, key: env.RECORD_KEY }, readNumber('REVALIDATE_SECONDS', env.REVALIDATE_SECONDS, 0) * 1000, logger, metrics);

const ports: ServingPorts = {
  choose: (version) => models.choose(version),
  all: () => models.all(),
  maximumRows: readNumber('MAX_BATCH_ROWS', env.MAX_BATCH_ROWS, 1),
  maximumBytes,
  observe: reportTo(env.TARGET_NAME, false),
  onFailure: (error, requestId) => logger.error('A request failed', { error, requestId }),
};
const worker = { ...resultsIn(env.RESULT_BUCKET, env.TARGET_NAME, maximumBytes), predict: (request: Parameters<typeof answer>[0]) => answer(request, ports), now: () => Date.now() };

/** Kept back of the function's time, to say which messages are left. */
const reserveMs = 10_000;

/** The messages that are not done with: the queue hands them out again, and deletes the others. */
interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Predicts in the background: one message after the other, each by itself, so that one that cannot be answered holds up no other. */
export async function handler(event: unknown, context: LambdaContext): Promise<BatchAnswer> {
  const failed: { itemIdentifier: string }[] = [];
  for (const message of parse(batchSchema, event, 'event').Records) {
    try {
      if (context.getRemainingTimeInMillis() < reserveMs) throw new Error('The function has no time left for this message: it is handed out again.');
      await processMessage(message, worker, maximumReceives);
    } catch (error) {
      logger.error('A message is not done with', { error, messageId: message.messageId, receives: message.attributes.ApproximateReceiveCount });
      failed.push({ itemIdentifier: message.messageId });
    }
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return { batchItemFailures: failed };
}
