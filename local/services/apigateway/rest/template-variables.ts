import type { LogVariables } from '../access-log.ts';
import type { RestInvocation } from './invocation.ts';
import { restVariables } from './log-variables.ts';
import type { Variables } from './velocity.ts';

/** What a mapping template of a request may refer to. */
export function templateVariables(invocation: RestInvocation): Variables {
  const { request, match, body, stage } = invocation;
  const params = { path: match.pathParameters, querystring: Object.fromEntries(new URLSearchParams(request.rawQueryString)), header: headersAsSent(request.rawHeaders) };
  const text = body.toString();
  return {
    input: {
      body: text,
      params: (name?: unknown) => (name === undefined ? params : ({ ...params.header, ...params.querystring, ...params.path } as Record<string, string>)[String(name)] ?? ''),
      path: (expression: unknown) => lookUp(text, String(expression)),
      json: (expression: unknown) => JSON.stringify(lookUp(text, String(expression)) ?? ''),
    },
    context: nest(restVariables(invocation)),
    stageVariables: { ...stage.Variables },
    util,
  };
}

const util = {
  escapeJavaScript: (text: unknown) => JSON.stringify(String(text)).slice(1, -1).replaceAll("'", "\\'"),
  urlEncode: (text: unknown) => encodeURIComponent(String(text)),
  urlDecode: (text: unknown) => decodeURIComponent(String(text).replaceAll('+', ' ')),
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(String(text), 'base64').toString(),
  parseJson: (text: unknown) => JSON.parse(String(text)) as unknown,
};

/** Names with dots become objects in objects: `identity.sourceIp`. */
export function nest(variables: LogVariables): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(variables)) {
    const path = name.split('.');
    let inside = root;
    for (const key of path.slice(0, -1)) inside = (inside[key] = typeof inside[key] === 'object' ? inside[key] : {}) as Record<string, unknown>;
    if (value !== undefined) inside[path.at(-1)!] = value;
  }
  return root;
}

function headersAsSent(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) headers[raw[index]!] = raw[index + 1]!;
  return headers;
}

/** A plain path into a JSON body: `$`, `$.a.b[0]`, `$['a']`. */
function lookUp(body: string, expression: string): unknown {
  const steps = [...expression.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]/g)].map(([, name, index, quoted]) => name ?? index ?? quoted ?? '');
  return steps.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined), body.trim() === '' ? {} : JSON.parse(body));
}
