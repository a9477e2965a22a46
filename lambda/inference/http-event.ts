import * as z from 'zod';
import type { HttpRequest } from '../../model/serving/http/message.ts';

const body = { body: z.string().nullable().optional(), isBase64Encoded: z.boolean().optional() };

/** Payload version 2: HTTP APIs and function URLs. `rawPath` starts with the stage, unless it is the default one. */
const version2 = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  rawQueryString: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  requestContext: z.object({ requestId: z.string().optional(), stage: z.string().optional(), http: z.object({ method: z.string() }) }),
  /** Of whoever invokes the function itself, as IAM lets it: a front door makes its events alone, so that no caller of it can say so. */
  directlyInvoked: z.literal(true).optional(),
  ...body,
});

/** Payload version 1: REST APIs. `path` comes without the stage, headers in the case in which they were sent. */
const version1 = z.object({
  httpMethod: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()).nullable().optional(),
  multiValueHeaders: z.record(z.string(), z.array(z.string())).nullable().optional(),
  queryStringParameters: z.record(z.string(), z.string()).nullable().optional(),
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).nullable().optional(),
  requestContext: z.object({ requestId: z.string().optional() }).optional(),
  ...body,
});

/** An HTTP event of API Gateway or of a function URL. */
export const httpEventSchema = z.union([version2, version1], { error: 'expected an HTTP event of API Gateway (payload version 1.0 or 2.0)' });

/** The request in an event. @param fallbackId the Lambda's own request id. */
export function requestOf(event: z.infer<typeof httpEventSchema>, fallbackId: string): HttpRequest {
  const content = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
  const requestId = event.requestContext?.requestId ?? fallbackId;
  if ('version' in event) {
    const { stage, http } = event.requestContext;
    return { method: http.method.toUpperCase(), path: withoutStage(event.rawPath, stage), query: event.rawQueryString ?? '', headers: lowerCase(event.headers ?? {}), body: content, requestId };
  }
  const several = Object.entries(event.multiValueHeaders ?? {}).map(([name, values]): [string, string] => [name, values.join(',')]);
  const headers = lowerCase({ ...Object.fromEntries(several), ...event.headers });
  return { method: event.httpMethod.toUpperCase(), path: event.path, query: queryOf(event), headers, body: content, requestId };
}

/** Payload version 1 has it taken apart and decoded. */
function queryOf({ queryStringParameters: one, multiValueQueryStringParameters: several }: z.infer<typeof version1>): string {
  const pairs = several === null || several === undefined ? Object.entries(one ?? {}) : Object.entries(several).flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  return new URLSearchParams(pairs).toString();
}

function withoutStage(path: string, stage: string | undefined): string {
  if (stage === undefined || stage === '$default') return path;
  return path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) || '/' : path;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
