import type { Observation } from '../http/call.ts';

/** Characters of a body that are kept, where payloads are. */
const keptPayload = 4096;

/**
 * What a log tells of a request.
 * @param withPayloads whether its body and the answer's are told of as well, which may hold what nobody should read: only where somebody asked for it
 */
export function accessEntry({ request, response, route, status, role, modelVersion, rows, milliseconds }: Observation, withPayloads: boolean): Readonly<Record<string, unknown>> {
  return {
    requestId: request.requestId,
    method: request.method,
    route,
    status,
    ...(role === undefined ? {} : { role, modelVersion }),
    rows,
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    requestBytes: request.body.length,
    ...(withPayloads ? { request: textOf(request.body), response: textOf(response.body) } : {}),
  };
}

function textOf(body: string | Uint8Array): string {
  const text = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 4 * keptPayload)).toString('utf8');
  return text.length > keptPayload ? `${text.slice(0, keptPayload)}…` : text;
}
