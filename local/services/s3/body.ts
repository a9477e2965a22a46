import { Readable } from 'node:stream';
import type { FileStore, PendingFile } from '../../store/files.ts';
import { checksumMember, requestedAlgorithm, startChecksum } from './checksums.ts';
import { badDigest } from './errors.ts';

/** Bytes received: aside still, with the checksums that were asked for. */
export interface ReceivedBody {
  readonly pending: PendingFile;
  /** By member name; base64. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** The input of an operation that takes bytes. */
export interface BodyInput {
  readonly Body?: unknown;
  readonly ContentMD5?: string;
  readonly [member: string]: unknown;
}

/** Writes a body aside while it streams in, and refuses it when a digest that came with it differs. */
export async function receiveBody(files: FileStore, input: BodyInput, fallbackAlgorithm?: string): Promise<ReceivedBody> {
  const algorithm = requestedAlgorithm(input) ?? fallbackAlgorithm;
  const running = algorithm === undefined ? undefined : startChecksum(algorithm);
  const source = bodyStream(input.Body);
  const pending = await files.write(source, running && ((chunk) => running.update(chunk)));
  try {
    if (input.ContentMD5 !== undefined && Buffer.from(input.ContentMD5, 'base64').toString('hex') !== pending.md5) throw badDigest('Content-MD5');
    if (!running || algorithm === undefined) return { pending, checksums: {} };
    const computed = await running.digest();
    const member = checksumMember(algorithm);
    const declared = input[member] ?? trailers(source)[`x-amz-checksum-${algorithm.toLowerCase()}`];
    if (declared !== undefined && declared !== computed) throw badDigest(algorithm);
    return { pending, checksums: { [member]: computed } };
  } catch (error) {
    await pending.discard();
    throw error;
  }
}

/** A stream of whatever a caller in process or on the wire gives as a body. */
function bodyStream(body: unknown): Readable {
  if (body instanceof Readable) return body;
  if (body === undefined || body === null) return Readable.from([]);
  if (body instanceof Uint8Array) return Readable.from([Buffer.from(body)]);
  // A state machine may give any JSON: Step Functions stores it as text.
  return Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]);
}

/** An aws-chunked body brings its checksum behind the bytes. */
function trailers(source: Readable): Readonly<Record<string, string>> {
  return (source as { trailers?: Record<string, string> }).trailers ?? {};
}
