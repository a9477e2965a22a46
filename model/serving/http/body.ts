import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { RequestError } from '../errors.ts';
import { HttpError } from './error.ts';
import type { HttpRequest } from './message.ts';

/** Lambda takes no larger request; the SageMaker container's limit is the same. A body that comes compressed is held to it when it is unpacked. */
export const maximumBodyBytes = 6_291_456;

const unpack = promisify(gunzip);

/**
 * The body as it was before it was compressed.
 * @param maximumBytes the most that it may have, before and after
 * @throws HttpError 413 where it is too large, 415 where it is compressed in another way than gzip
 * @throws RequestError MalformedData where it is not gzip
 */
export function bodyOf({ headers, body }: HttpRequest, maximumBytes = maximumBodyBytes): Buffer | Promise<Buffer> {
  if (body.length > maximumBytes) throw tooLarge('more bytes than that', maximumBytes);
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipped(body, maximumBytes);
  const message = `The content encoding is '${encoding.slice(0, 40)}', expected gzip, or none.`;
  throw new HttpError(415, 'UnsupportedContentEncoding', message, { details: [{ field: 'Content-Encoding', found: encoding.slice(0, 40), expected: 'gzip, or none' }], headers: { 'accept-encoding': 'gzip, identity' } });
}

async function gunzipped(body: Buffer, maximumBytes: number): Promise<Buffer> {
  try {
    return await unpack(body, { maxOutputLength: maximumBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('more bytes when it is unpacked', maximumBytes);
    throw new RequestError('MalformedData', [{ field: 'body', found: 'damaged, cut off or no gzip', expected: 'gzip, as Content-Encoding says' }], { cause });
  }
}

function tooLarge(found: string, maximumBytes: number): HttpError {
  const expected = `at most ${String(maximumBytes)} bytes`;
  return new HttpError(413, 'BodyTooLarge', `The body has ${found}, expected ${expected}.`, { details: [{ field: 'body', found, expected }] });
}
