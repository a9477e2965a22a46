import type { IncomingMessage } from 'node:http';

/** Takes a function's answer as it comes. */
export interface ResponseSink {
  /** The answer begins, and is of this type. */
  start(contentType: string): void;
  /** @returns when it takes more */
  write(chunk: Buffer): Promise<void> | void;
}

/** An answer that a function's runtime sends bit by bit. */
export interface StreamedReply {
  readonly kind: 'stream';
  readonly contentType: string;
  readonly body: IncomingMessage;
}

/** How a streamed answer ended: well, by an error of the function, or over the limit. */
export type StreamEnd = { readonly kind: 'whole' } | { readonly kind: 'broken'; readonly payload: Buffer } | { readonly kind: 'too-large'; readonly bytes: number };

/** Lambda's limit on a streamed response. */
export const streamLimit = 200 * 1024 * 1024;

/** Passes an answer on as it comes. Rejects when the runtime's process goes in the middle of it. */
export async function relay({ contentType, body }: StreamedReply, sink: ResponseSink, limit: number): Promise<StreamEnd> {
  sink.start(contentType);
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) await sink.write(chunk);
  }
  if (bytes > limit) return { kind: 'too-large', bytes };
  const described = body.trailers['lambda-runtime-function-error-body'];
  return described === undefined ? { kind: 'whole' } : { kind: 'broken', payload: Buffer.from(described, 'base64') };
}

/** A sink that keeps all, for callers who wait for the end. */
export function bufferSink(): ResponseSink & { bytes(): Buffer } {
  const chunks: Buffer[] = [];
  return { start: () => undefined, write: (chunk) => void chunks.push(chunk), bytes: () => Buffer.concat(chunks) };
}
