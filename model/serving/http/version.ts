import { describeValue, RequestError } from '../errors.ts';
import type { HttpRequest } from './message.ts';
import { versionField, versionHeader } from './version-names.ts';

/**
 * The version that a request asks for: in its header, its query or its body.
 * @throws RequestError where these ask for different ones
 */
export function askedVersion({ headers, query }: HttpRequest, inBody?: string): string | undefined {
  const inHeader = headers[versionHeader];
  if (query === '' && (inHeader === undefined || inBody === undefined)) return inHeader ?? inBody;
  const asked = new Set([inBody, inHeader, ...new URLSearchParams(query).getAll(versionField)].filter((version) => version !== undefined));
  if (asked.size > 1) throw new RequestError('ConflictingVersions', [{ field: versionField, found: [...asked].map(describeValue).join(' and '), expected: 'one version' }]);
  const [version] = asked;
  return version;
}

/** The version in a JSON body: a text, or the number that it looks like. @throws RequestError */
export function versionIn(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new RequestError('WrongType', [{ field: versionField, found: describeValue(value), expected: 'a version such as "3"' }]);
}
