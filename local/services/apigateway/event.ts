import { randomBytes } from 'node:crypto';
import type { Invocation } from './invocation.ts';
import { commonLogTime } from './invocation.ts';

/** The event of payload format 2.0. What a request has not is left out. */
export function eventV2(invocation: Invocation): Record<string, unknown> {
  const { request, routeKey, pathParameters, stageVariables, authorizer } = invocation;
  const { cookie, ...headers } = request.headers;
  const query = [...queryValues(request.rawQueryString)].map(([name, values]) => [name, values.join(',')]);
  return {
    version: '2.0',
    routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/[;,]\s*/) }),
    headers: { ...headers, ...addedHeaders(invocation) },
    ...(query.length === 0 ? {} : { queryStringParameters: Object.fromEntries(query) as unknown }),
    requestContext: {
      accountId: invocation.accountId,
      apiId: invocation.apiId,
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName: request.host,
      domainPrefix: invocation.apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey,
      stage: invocation.stage,
      time: commonLogTime(request.time),
      timeEpoch: request.time.getTime(),
    },
    ...nonEmpty('pathParameters', pathParameters),
    ...nonEmpty('stageVariables', stageVariables),
    ...encodeBody(invocation),
  };
}

/** The event of payload format 1.0. What a request has not is null. */
export function eventV1(invocation: Invocation): Record<string, unknown> {
  const { request, pathParameters, stageVariables, apiId } = invocation;
  const { iam, lambda, jwt } = invocation.authorizer ?? {};
  const added = addedHeaders(invocation);
  const headers = Object.fromEntries(Object.entries(request.multiValueHeaders).map(([name, values]) => [name, values.at(-1)]));
  const query = queryValues(request.rawQueryString);
  return {
    version: '1.0',
    resource: invocation.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: { ...headers, ...added },
    multiValueHeaders: { ...request.multiValueHeaders, ...Object.fromEntries(Object.entries(added).map(([name, value]) => [name, [value]])) },
    queryStringParameters: query.size === 0 ? null : Object.fromEntries([...query].map(([name, values]) => [name, values.at(-1)])),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    requestContext: {
      accountId: invocation.accountId,
      apiId,
      ...(lambda === undefined && jwt === undefined ? {} : { authorizer: lambda ?? jwt }),
      domainName: request.host,
      domainPrefix: apiId,
      extendedRequestId: request.requestId,
      httpMethod: request.method,
      identity: {
        accessKey: iam?.accessKey ?? null,
        accountId: iam?.accountId ?? null,
        caller: iam?.callerId ?? null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: request.sourceIp,
        user: iam?.userId ?? null,
        userAgent: request.headers['user-agent'] ?? null,
        userArn: iam?.userArn ?? null,
      },
      path: request.path,
      protocol: request.protocol,
      requestId: request.requestId,
      requestTime: commonLogTime(request.time),
      requestTimeEpoch: request.time.getTime(),
      resourceId: invocation.routeKey,
      resourcePath: invocation.resourcePath,
      stage: invocation.stage,
    },
    pathParameters: nullIfEmpty(pathParameters),
    stageVariables: nullIfEmpty(stageVariables),
    body: null,
    ...encodeBody(invocation),
  };
}

/** What API Gateway adds to each request. Loopback counts as TLS. */
function addedHeaders({ request, body }: Invocation): Record<string, string> {
  const { headers, sourceIp, host, time } = request;
  const forwarded = headers['x-forwarded-for'];
  return {
    'content-length': headers['content-length'] ?? String(body.length),
    'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? `Root=1-${Math.floor(time.getTime() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
    'x-forwarded-port': /:(\d+)$/.exec(host)?.[1] ?? '443',
    'x-forwarded-proto': 'https',
  };
}

/** The types whose bodies come as text; all others, forms among them and none at all, come in base64. */
const textTypes = /^(text\/.*|application\/(json|javascript|xml))$/;

function encodeBody({ request, body }: Invocation): Record<string, unknown> {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isText = textTypes.test(type) && request.headers['content-encoding'] === undefined;
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

function queryValues(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

function nonEmpty(name: string, record: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.keys(record).length === 0 ? {} : { [name]: record };
}

function nullIfEmpty(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  return Object.keys(record).length === 0 ? null : record;
}
