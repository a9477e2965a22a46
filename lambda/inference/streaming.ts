import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HttpResponse } from '../../model/serving/http/message.ts';
import type { LambdaContext } from '../shared/task.ts';

/** What Lambda's Node runtime offers a function that streams. */
export interface StreamingRuntime<Streaming> {
  streamifyResponse(handler: (event: unknown, stream: Writable, context: LambdaContext) => Promise<void>): Streaming;
  readonly HttpResponseStream: { from(stream: Writable, prelude: { statusCode: number; headers: Readonly<Record<string, string>> }): Writable };
}

/** How much is handed on at once. */
const chunkBytes = 65_536;

/** A handler that streams what `respond` answers: status and headers first, then the body, no faster than it is read. */
export function streamed<Streaming>(runtime: StreamingRuntime<Streaming>, respond: (event: unknown, context: LambdaContext) => Promise<HttpResponse>): Streaming {
  return runtime.streamifyResponse(async (event, stream, context) => {
    const { status, headers, body } = await respond(event, context);
    await pipeline(Readable.from(chunksOf(typeof body === 'string' ? Buffer.from(body) : body)), runtime.HttpResponseStream.from(stream, { statusCode: status, headers }));
  });
}

/** At least one, though it be empty: the prelude goes out with the first write. */
function* chunksOf(body: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  do {
    yield body.subarray(start, start + chunkBytes);
    start += chunkBytes;
  } while (start < body.length);
}
