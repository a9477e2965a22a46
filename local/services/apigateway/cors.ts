import type { ApiRequest } from './request.ts';
import type { CorsConfiguration, HttpAnswer } from './types.ts';

/** Answers a browser's question whether it may call; undefined for any other request. */
export function preflight(cors: CorsConfiguration, request: ApiRequest): HttpAnswer | undefined {
  if (!isPreflight(request)) return undefined;
  const allowed = corsHeaders(cors, request.headers['origin']);
  if (Object.keys(allowed).length === 0) return { status: 204, headers: {}, body: '' };
  return {
    status: 204,
    headers: {
      ...allowed,
      ...list('access-control-allow-methods', cors.AllowMethods),
      ...list('access-control-allow-headers', cors.AllowHeaders),
      ...(cors.MaxAge === undefined ? {} : { 'access-control-max-age': String(cors.MaxAge) }),
    },
    body: '',
  };
}

function isPreflight({ method, headers }: ApiRequest): boolean {
  return method === 'OPTIONS' && headers['origin'] !== undefined && headers['access-control-request-method'] !== undefined;
}

/** Puts the API's CORS headers into an answer to anything but a preflight, in place of the integration's own. */
export function withCors(cors: CorsConfiguration, request: ApiRequest, answer: HttpAnswer): HttpAnswer {
  if (isPreflight(request)) return answer;
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: { ...Object.fromEntries(own), ...corsHeaders(cors, request.headers['origin']) } };
}

/** The headers that every answer to an allowed origin carries; none for another. */
function corsHeaders(cors: CorsConfiguration, origin: string | undefined): Record<string, string> {
  const origins = cors.AllowOrigins ?? [];
  if (origin === undefined || !origins.some((pattern) => matches(pattern, origin))) return {};
  return {
    'access-control-allow-origin': origins.includes('*') ? '*' : origin,
    ...(String(cors.AllowCredentials) === 'true' ? { 'access-control-allow-credentials': 'true' } : {}),
    ...list('access-control-expose-headers', cors.ExposeHeaders),
  };
}

/** `*`, `https://*`, `http://*` or one origin. */
function matches(pattern: string, origin: string): boolean {
  return pattern.endsWith('*') ? origin.startsWith(pattern.slice(0, -1)) : pattern === origin;
}

function list(name: string, values: readonly string[] | undefined): Record<string, string> {
  return values === undefined || values.length === 0 ? {} : { [name]: values.join(',') };
}
