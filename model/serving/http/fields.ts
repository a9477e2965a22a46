import { describeValue, RequestError, shortName } from '../errors.ts';

/**
 * The fields of a JSON body.
 * @param required what it must hold
 * @param optional what it may hold beside that; anything else is refused, so that a typing error is seen
 * @throws RequestError InvalidBody, UnknownField
 */
export function fieldsOf(body: unknown, required: string, optional: readonly string[]): Readonly<Record<string, unknown>> {
  const expected = `{"${required}": ..}`;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new RequestError('InvalidBody', [{ field: 'body', found: describeValue(body), expected }]);
  for (const name of Object.keys(body)) {
    if (name === required || optional.includes(name)) continue;
    throw new RequestError('UnknownField', [{ field: shortName(name), found: 'unknown', expected: `one of ${[required, ...optional].join(', ')}` }]);
  }
  if (!Object.hasOwn(body, required)) throw new RequestError('InvalidBody', [{ field: required, found: 'missing', expected }]);
  return body as Record<string, unknown>;
}
