import { randomBytes } from 'node:crypto';
import { commonLogTime } from '../invocation.ts';
import type { ApiRequest } from '../request.ts';
import type { RestInvocation } from './invocation.ts';

type Lines = Readonly<Record<string, readonly string[]>>;

/** The event that a proxy integration sends a function: payload format 1.0 as REST APIs have it. What a request has not is null. */
export function proxyEvent(invocation: RestInvocation): Record<string, unknown> {
  const { body, isBinary } = invocation;
  return {
    ...requestPart(invocation),
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: body.length > 0 && isBinary,
  };
}

/** What of an event a REQUEST authorizer sees too. */
export function requestPart(invocation: RestInvocation): Record<string, unknown> {
  const { request, match, path, stage } = invocation;
  const headers = { ...headerLines(request), ...addedHeaders(request) };
  const query = queryValues(request.rawQueryString);
  return {
    resource: match.resourcePath,
    path,
    httpMethod: request.method,
    headers: lasts(headers),
    multiValueHeaders: headers,
    queryStringParameters: nullIfEmpty(lasts(query)),
    multiValueQueryStringParameters: nullIfEmpty(query),
    pathParameters: nullIfEmpty(match.pathParameters),
    stageVariables: nullIfEmpty(stage.Variables ?? {}),
    requestContext: requestContext(invocation),
  };
}

function requestContext({ accountId, apiId, stage, match, requestId, request, authorized, key }: RestInvocation): Record<string, unknown> {
  const { iam, custom } = authorized ?? {};
  return {
    resourceId: match.resourceId,
    ...(custom === undefined ? {} : { authorizer: custom }),
    resourcePath: match.resourcePath,
    httpMethod: request.method,
    extendedRequestId: request.requestId,
    requestTime: commonLogTime(request.time),
    path: request.path,
    accountId,
    protocol: request.protocol,
    stage: stage.StageName,
    domainPrefix: apiId,
    requestTimeEpoch: request.time.getTime(),
    requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: iam?.accountId ?? null,
      cognitoIdentityId: null,
      caller: iam?.callerId ?? null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: iam?.accessKey ?? null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: iam?.userArn ?? null,
      userAgent: request.headers['user-agent'] ?? null,
      user: iam?.userId ?? null,
      ...(key === undefined ? {} : { apiKey: key.value, apiKeyId: key.id }),
    },
    domainName: request.host,
    deploymentId: stage.DeploymentId,
    apiId,
  };
}

/** These belong to the connection; REST APIs tell functions nothing of them. */
const hidden = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** A value a line, under the names as the client wrote them: REST APIs keep their case. */
function headerLines({ rawHeaders }: ApiRequest): Record<string, string[]> {
  const lines: Record<string, string[]> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = canonicalName(rawHeaders[index]!);
    if (!name.startsWith(':') && !hidden.has(name.toLowerCase())) (lines[name] ??= []).push(rawHeaders[index + 1]!);
  }
  return lines;
}

/** The gateway writes the host's name itself, whatever the client wrote; HTTP/2 has it in a pseudo-header. */
function canonicalName(name: string): string {
  return /^(:authority|host)$/i.test(name) ? 'Host' : name;
}

/** What API Gateway adds to each request. Loopback counts as TLS. */
function addedHeaders({ headers, sourceIp, host, time }: ApiRequest): Record<string, string[]> {
  const forwarded = headers['x-forwarded-for'];
  return {
    'X-Amzn-Trace-Id': [headers['x-amzn-trace-id'] ?? `Root=1-${Math.floor(time.getTime() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`],
    'X-Forwarded-For': [forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`],
    'X-Forwarded-Port': [/:(\d+)$/.exec(host)?.[1] ?? '443'],
    'X-Forwarded-Proto': ['https'],
  };
}

function queryValues(query: string): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) (values[name] ??= []).push(value);
  return values;
}

function lasts(lines: Lines): Record<string, string> {
  return Object.fromEntries(Object.entries(lines).map(([name, values]) => [name, values.at(-1)!]));
}

function nullIfEmpty<T extends object>(record: T): T | null {
  return Object.keys(record).length === 0 ? null : record;
}
