import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OutgoingResponse } from '../../wire/request.ts';
import type { HttpAnswer } from './types.ts';

/**
 * Sends an answer, a stream as it comes.
 * @param more headers that the gateway adds
 * @returns how many bytes its body has; rejects when a stream breaks off, with the connection broken off as well
 */
export async function sendAnswer(outgoing: OutgoingResponse, { status, headers, body }: HttpAnswer, more: Readonly<Record<string, string>>): Promise<number> {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries({ ...headers, ...more })) outgoing.setHeader(name, value);
  if (body instanceof Readable) return await stream(outgoing, body);
  const bytes = Buffer.byteLength(body);
  if (status !== 204 && status !== 304) outgoing.setHeader('content-length', bytes);
  outgoing.end(body);
  return bytes;
}

async function stream(outgoing: OutgoingResponse, body: Readable): Promise<number> {
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  // The client is to see the status as soon as there is one.
  if ('flushHeaders' in outgoing) outgoing.flushHeaders();
  await pipeline(body, meter, outgoing as NodeJS.WritableStream).catch((error: unknown) => {
    // A client that went away broke its own request alone.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
  return bytes;
}
