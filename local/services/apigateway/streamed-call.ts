import { Readable } from 'node:stream';
import type { LaptopContext } from '../../core/context.ts';
import { callerOf, FunctionCallError, functionArn, rejectedCall, within } from './function-call.ts';
import type { FunctionTarget } from './function-call.ts';

/** A function's answer on its way. */
export interface StreamedAnswer {
  readonly contentType: string;
  /** Throws FunctionCallError where the answer breaks off. */
  readonly chunks: AsyncGenerator<Buffer>;
}

/** By this type the function says that its metadata come first. */
export const httpIntegrationType = 'application/vnd.awslambda.http-integration-response';

interface StreamEvent {
  readonly PayloadChunk?: { readonly Payload: Uint8Array };
  readonly InvokeComplete?: { readonly ErrorCode?: string; readonly ErrorDetails?: string };
}

/**
 * Calls a function that answers bit by bit, and waits for the first of it.
 * @throws {FunctionCallError} when it fails before that
 */
export async function streamFunction(context: LaptopContext, target: FunctionTarget, event: unknown): Promise<StreamedAnswer> {
  const call = context.dispatch({
    service: 'lambda',
    operation: 'InvokeWithResponseStream',
    input: { FunctionName: functionArn(target.uri), Payload: Buffer.from(JSON.stringify(event)) },
    caller: callerOf(context, target),
  });
  const output = await within(target.timeoutMilliseconds, call).catch((error: unknown) => {
    throw rejectedCall(error);
  });
  const chunks = chunksOf(output['EventStream'] as AsyncIterable<StreamEvent>);
  // A function that fails before its first byte is told of as if it did not stream.
  const first = await chunks.next();
  return { contentType: String(output['ResponseStreamContentType']), chunks: startingWith(first, chunks) };
}

async function* chunksOf(events: AsyncIterable<StreamEvent>): AsyncGenerator<Buffer> {
  for await (const { PayloadChunk, InvokeComplete } of events) {
    if (PayloadChunk !== undefined) yield Buffer.from(PayloadChunk.Payload);
    if (InvokeComplete?.ErrorCode !== undefined) throw new FunctionCallError('failed', `The Lambda function returned the following error: ${InvokeComplete.ErrorDetails ?? InvokeComplete.ErrorCode}`);
  }
}

async function* startingWith(first: IteratorResult<Buffer>, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** Where metadata end: eight NUL bytes. */
const delimiter = Buffer.alloc(8);
/** Metadata stand within so many bytes of the beginning. */
const mostMetadataBytes = 16 * 1024;

/**
 * Takes the metadata off an answer that begins with them.
 * @throws {FunctionCallError} when there are none
 */
export async function takeMetadata(chunks: AsyncGenerator<Buffer>): Promise<{ readonly metadata: string; readonly body: Readable }> {
  let head = Buffer.alloc(0);
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    head = Buffer.concat([head, next.value]);
    const end = head.indexOf(delimiter);
    if (end >= 0) return { metadata: head.toString('utf8', 0, end), body: Readable.from(startingWith({ value: head.subarray(end + delimiter.length) }, chunks), { objectMode: false }) };
    if (head.length > mostMetadataBytes) break;
  }
  throw new FunctionCallError('failed', `The streamed answer has no metadata, closed by ${delimiter.length} NUL bytes, within its first ${mostMetadataBytes} bytes: write it with awslambda.HttpResponseStream.from`);
}
