import { HttpError } from './error.ts';

/** A content type without its parameters, in lower case. */
export type MediaType = string;

/**
 * The content type of a request.
 * @throws HttpError 415 where it is none of `offered`, or its text is in another encoding than UTF-8.
 */
export function contentTypeOf(headers: Readonly<Record<string, string>>, offered: readonly MediaType[]): MediaType {
  const header = headers['content-type'];
  // What an HTTP client sends that was told nothing.
  if (header === undefined || header === '' || header === offered[0]) return offered[0]!;
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (!offered.includes(type)) throw unsupported(`The content type is '${type.slice(0, 100)}', expected ${offered.join(', ')}.`, offered);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) throw unsupported(`The content type's charset is '${charset.slice(0, 40)}', expected utf-8.`, offered);
  return type;
}

function unsupported(message: string, offered: readonly MediaType[]): HttpError {
  // RFC 9110: a 415 may say what would have been taken.
  return new HttpError(415, 'UnsupportedMediaType', message, { details: [{ field: 'Content-Type', found: message, expected: offered.join(', ') }], headers: { accept: offered.join(', ') } });
}

/**
 * Which of `offered` the caller would have; the first of those that it likes best.
 * @throws HttpError 406 where it would have none of them.
 */
export function acceptedOf(headers: Readonly<Record<string, string>>, offered: readonly MediaType[]): MediaType {
  const header = headers['accept'];
  if (header === undefined || header.trim() === '' || header === '*/*') return offered[0]!;
  const ranges = header.split(',').map(rangeOf);
  let [best, bestQuality] = ['', 0];
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > bestQuality) [best, bestQuality] = [type, quality];
  }
  if (best === '') {
    const message = `The caller accepts ${JSON.stringify(header.slice(0, 100))}, expected one of ${offered.join(', ')}.`;
    throw new HttpError(406, 'NotAcceptable', message, { details: [{ field: 'Accept', found: header.slice(0, 100), expected: `one of ${offered.join(', ')}` }] });
  }
  return best;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The range that says most of a type decides: itself, its family, then anything. */
function qualityOf(type: MediaType, ranges: readonly Range[]): number {
  for (const name of [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === name);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
