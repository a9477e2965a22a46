import * as z from 'zod';
import type { HttpRequest, HttpResponse } from '../../model/serving/http/message.ts';

/** Which pages of other origins may call, where the front door does not say it itself. */
export const corsSchema = z.object({
  origins: z.array(z.string().min(1)).min(1),
  headers: z.array(z.string().min(1)),
  expose: z.array(z.string().min(1)),
  maxAgeSeconds: z.number().int().min(0),
}).partial();

/** Which pages of other origins may call; nothing where the front door says it itself, or none may. */
export type Cors = z.infer<typeof corsSchema>;

/** The answer to a browser that asks what it may do; undefined where the request is no such question. */
export function preflight(cors: Cors, { method, headers }: HttpRequest): HttpResponse | undefined {
  if (cors.origins === undefined || method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined;
  const origin = corsHeaders(cors, headers['origin']);
  if (origin['access-control-allow-origin'] === undefined) return { status: 204, headers: origin, body: '' };
  return {
    status: 204,
    headers: {
      ...origin,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': (cors.headers ?? []).join(','),
      'access-control-max-age': String(cors.maxAgeSeconds ?? 0),
    },
    body: '',
  };
}

/** The headers by which a browser lets a page of an origin read the answer. */
export function corsHeaders({ origins, expose = [] }: Cors, origin: string | undefined): Readonly<Record<string, string>> {
  if (origins === undefined) return {};
  const vary = { vary: 'origin' };
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return vary;
  return { ...vary, 'access-control-allow-origin': origins.includes('*') ? '*' : origin, ...(expose.length === 0 ? {} : { 'access-control-expose-headers': expose.join(',') }) };
}
