import { integrationFailed } from './errors.ts';
import type { Invocation } from './invocation.ts';

/** The value that an expression such as `$request.header.Authorization` stands for. */
export function identityOf(source: string, { request, stageVariables, stage, routeKey, apiId }: Invocation): string | undefined {
  const [, kind, name = ''] = /^\$(request\.header|request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'request.header':
      return request.headers[name.toLowerCase()];
    case 'request.querystring':
      return new URLSearchParams(request.rawQueryString).get(name) ?? undefined;
    case 'stageVariables':
      return stageVariables[name];
    case 'context':
      return { stage, routeKey, apiId, httpMethod: request.method, path: request.path, 'identity.sourceIp': request.sourceIp }[name];
    default:
      throw integrationFailed(`"${source}" is no identity source of an HTTP API`);
  }
}
