import { PassThrough } from 'node:stream';
import type { Outcome } from '../../compute/lambda/outcome.ts';
import type { ResponseSink } from '../../compute/lambda/response-sink.ts';
import type { Call, Operation } from '../../core/call.ts';
import type { Functions } from './functions.ts';
import { checkPayload, type InvokeInput } from './invoke.ts';
import type { Invoker } from './invoker.ts';
import { parseFunctionName } from './name.ts';

/** One event of the stream, as the SDK has it. */
type StreamEvent = { readonly PayloadChunk: { readonly Payload: Uint8Array } } | { readonly InvokeComplete: { readonly ErrorCode?: string; readonly ErrorDetails?: string; readonly LogResult?: string } };

/** The InvokeWithResponseStream operation: it answers as soon as the function begins to, or has failed. */
export function invokeStreamOperation(functions: Functions, invoker: Invoker): Operation {
  return async (input: InvokeInput, call: Call) => {
    const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
    const payload = checkPayload(input.Payload ?? new Uint8Array(), 'RequestResponse');
    functions.get(name, functions.aliases.resolve(name, qualifier));
    if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
    const events = new PassThrough({ objectMode: true });
    const contentType = await begin(events, (sink) =>
      invoker.run(name, payload, call.requestId, { sink, ...(qualifier === undefined ? {} : { qualifier }), ...(input.ClientContext === undefined ? {} : { clientContext: input.ClientContext }) }).then((outcome) => complete(outcome, input.LogType === 'Tail')),
    );
    return { StatusCode: 200, ExecutedVersion: '$LATEST', ResponseStreamContentType: contentType, EventStream: events };
  };
}

/**
 * Runs a function into a stream of events.
 * @returns the answer's content type, once it begins; a failure before that is an event as well
 * @throws {AwsError} when the function cannot be run
 */
async function begin(events: PassThrough, run: (sink: ResponseSink) => Promise<StreamEvent>): Promise<string> {
  return await new Promise<string>((resolve, reject) => {
    const sink: ResponseSink = { start: resolve, write: (chunk) => push(events, { PayloadChunk: { Payload: chunk } }) };
    run(sink).then(
      (last) => {
        resolve('application/json');
        events.end(last);
      },
      (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        events.destroy();
      },
    );
  });
}

/** Waits while the reader is behind; one that went away holds nobody up. */
async function push(events: PassThrough, event: StreamEvent): Promise<void> {
  if (events.destroyed || events.write(event)) return;
  await new Promise<void>((resolve) => {
    events.once('drain', resolve);
    events.once('close', resolve);
  });
}

function complete({ functionError, payload, logTail }: Outcome, wantsLog: boolean): StreamEvent {
  return {
    InvokeComplete: {
      ...(functionError === undefined ? {} : { ErrorCode: functionError, ErrorDetails: payload.toString() }),
      ...(wantsLog ? { LogResult: Buffer.from(logTail).toString('base64') } : {}),
    },
  };
}
