import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { GatewayError } from './errors.ts';
import { integrationFailed } from './errors.ts';
import type { HttpAnswer } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Turns what a function returned into HTTP, as the payload format says.
 * @param payload the function's result, JSON
 * @param defaultType the content type of an answer that names none
 * @throws {GatewayError} 500 when it has not the format's shape
 */
export function answerOf(payload: string, format: '1.0' | '2.0', defaultType: string): HttpAnswer {
  const result = parse(payload);
  const fields = typeof result === 'object' && result !== null && !Array.isArray(result) && 'statusCode' in result ? (result as Fields) : undefined;
  if (fields !== undefined) return structured(fields, format, defaultType);
  if (format === '1.0') throw malformed('statusCode');
  return { status: 200, headers: { 'content-type': 'application/json' }, body: payload };
}

function structured(fields: Fields, format: '1.0' | '2.0', defaultType: string): HttpAnswer {
  const { statusCode, headers, multiValueHeaders, cookies, body, isBase64Encoded } = fields;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw malformed('statusCode');
  if (body !== undefined && body !== null && typeof body !== 'string') throw malformed('body');
  return {
    status,
    headers: {
      'content-type': defaultType,
      ...headersOf(headers, 'headers', false),
      ...(format === '1.0' ? headersOf(multiValueHeaders, 'multiValueHeaders', true) : {}),
      ...(format === '2.0' ? cookiesOf(cookies) : {}),
    },
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function headersOf(value: unknown, field: string, several: boolean): Record<string, string | string[]> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw malformed(field);
  const headers: Record<string, string | string[]> = {};
  for (const [name, content] of Object.entries(value)) {
    if (Array.isArray(content) !== several) throw malformed(field);
    const lines: unknown[] = several ? content : [content];
    if (!lines.every((line) => isHeader(name, line))) throw malformed(field);
    if (!connectionHeaders.test(name)) headers[name.toLowerCase()] = several ? lines.map(String) : String(content);
  }
  return headers;
}

/** These are the connection's, not the function's. */
const connectionHeaders = /^(connection|content-length|keep-alive|proxy-connection|transfer-encoding|upgrade)$/i;

function isHeader(name: string, value: unknown): boolean {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return true;
  } catch {
    return false;
  }
}

function cookiesOf(cookies: unknown): Record<string, string[]> {
  if (cookies === undefined || cookies === null) return {};
  if (!Array.isArray(cookies) || !cookies.every((cookie) => typeof cookie === 'string' && isHeader('set-cookie', cookie))) throw malformed('cookies');
  return { 'set-cookie': cookies as string[] };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    throw integrationFailed(`The function's result is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function malformed(field: string): GatewayError {
  return integrationFailed(`The response from the Lambda function doesn't match the format that API Gateway expects. Lambda body contains the wrong type for field "${field}"`);
}
