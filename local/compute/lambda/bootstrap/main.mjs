// The runtime inside a function's process: loads the handler, then asks the Lambda Runtime API for one event after the other.
// Plain JavaScript, since stripping types would cost each cold start some 35 ms.
import { Buffer } from 'node:buffer';
import { patchConsole, setRequestId } from './console.mjs';
import { describeError, NamedError } from './errors.mjs';
import { loadHandler } from './handler.mjs';
import { awslambda, isStreaming, ResponseStream } from './response-stream.mjs';
import { RuntimeClient } from './runtime-client.mjs';

const env = process.env;
const client = new RuntimeClient(env.AWS_LAMBDA_RUNTIME_API);
patchConsole(env.AWS_LAMBDA_LOG_FORMAT === 'JSON');

/** The invocation at work, for errors that no handler caught. @type {string | undefined} */
let current;

/** Reports an error that the handler could not catch any more, and ends this process. @param {unknown} error */
async function die(error) {
  console.error(current === undefined ? 'Uncaught Exception' : 'Invoke Error', JSON.stringify(describeError(error)));
  if (current === undefined) await client.initError(describeError(error));
  else await client.error(current, describeError(error));
  process.exit(128);
}

process.on('uncaughtException', (error) => void die(error));
process.on('unhandledRejection', (reason) => {
  const cause = describeError(reason);
  void die(new NamedError('Runtime.UnhandledPromiseRejection', `${cause.errorType}: ${cause.errorMessage}`, reason));
});

/** @param {import('./runtime-client.mjs').Next} next */
function contextOf({ requestId, functionArn, deadline, clientContext }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === undefined ? undefined : JSON.parse(Buffer.from(clientContext, 'base64').toString()),
    identity: undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/**
 * Lets the handler answer bit by bit. What it throws before the first byte fails the invocation as ever; after that it breaks the answer off.
 * @param {import('./runtime-client.mjs').Next} next
 */
async function runStreaming(next) {
  const stream = new ResponseStream((contentType) => client.stream(next.requestId, contentType), handler);
  try {
    const finished = new Promise((resolve, reject) => stream.once('finish', resolve).once('error', reject));
    finished.catch(() => undefined); // a handler may destroy its stream and throw; then its own error counts
    const result = await handler(JSON.parse(next.payload), stream, contextOf(next));
    if (result !== undefined) console.warn('Streaming handlers ignore return values.');
    if (!stream.writableEnded) stream.end();
    await finished;
  } catch (error) {
    if (!stream.hasBegun) throw error;
    console.error('Invoke Error', JSON.stringify(describeError(error)));
    await stream.breakOff(describeError(error));
  }
}

/** @param {unknown} result */
function serialise(result) {
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch (error) {
    throw new NamedError('Runtime.MarshalError', `Unable to stringify response body: ${error instanceof Error ? error.message : error}`, error);
  }
}

globalThis.awslambda = awslambda;

let handler;
try {
  handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER, env.AWS_EXECUTION_ENV);
} catch (error) {
  console.error('Init Error', JSON.stringify(describeError(error)));
  await client.initError(describeError(error));
  process.exit(1);
}

for (;;) {
  const next = await client.next();
  current = next.requestId;
  setRequestId(current);
  if (next.traceId !== undefined) env._X_AMZN_TRACE_ID = next.traceId;
  try {
    if (isStreaming(handler)) await runStreaming(next);
    else {
      const event = JSON.parse(next.payload);
      if (typeof event?.ResponseURL === 'string') await import('./custom-resource.mjs');
      await client.response(current, serialise(await handler(event, contextOf(next))));
    }
  } catch (error) {
    console.error('Invoke Error', JSON.stringify(describeError(error)));
    await client.error(current, describeError(error));
  }
  current = undefined;
}
