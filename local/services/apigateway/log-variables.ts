import type { LogVariables } from './access-log.ts';
import type { GatewayError } from './errors.ts';
import type { Authorized } from './invocation.ts';
import { commonLogTime } from './invocation.ts';
import type { ApiRequest } from './request.ts';
import type { HttpAnswer, StageProperties } from './types.ts';

/** What is known of a request, as far as it came. */
export interface Exchange {
  /** On the monotonic clock. */
  readonly started: number;
  request?: ApiRequest;
  stage?: StageProperties;
  routeKey?: string;
  authorizer?: Authorized;
  integrationMilliseconds?: number;
  failure?: GatewayError;
  answer?: HttpAnswer;
  /** How many bytes of a body went out. */
  bytes?: number;
  milliseconds?: number;
}

/** The `$context` variables of a request that came as far as a stage. */
export function logVariables({ accountId, apiId }: { accountId: string; apiId: string }, exchange: Exchange): LogVariables {
  const { request, stage, routeKey, authorizer, integrationMilliseconds, failure, answer, bytes, milliseconds } = exchange;
  const { iam, lambda = {}, jwt } = authorizer ?? {};
  const integrationStatus = integrationMilliseconds === undefined || failure !== undefined ? undefined : 200;
  return {
    accountId,
    apiId,
    stage: stage?.StageName,
    routeKey,
    ...(request && requestVariables(request)),
    domainPrefix: apiId,
    status: answer?.status,
    responseLatency: milliseconds,
    responseLength: bytes,
    integrationLatency: integrationMilliseconds,
    integrationStatus,
    'integration.latency': integrationMilliseconds,
    'integration.integrationStatus': integrationStatus,
    'integration.status': answer?.status,
    'integration.error': failure?.integrationError,
    integrationErrorMessage: failure?.integrationError,
    'error.message': failure?.message,
    'error.messageString': failure && JSON.stringify(failure.message),
    ...Object.fromEntries(Object.entries(lambda).map(([name, value]) => [`authorizer.${name}`, String(value)])),
    ...Object.fromEntries(Object.entries(jwt?.claims ?? {}).map(([name, value]) => [`authorizer.claims.${name}`, value])),
    'identity.accountId': iam?.accountId,
    'identity.caller': iam?.callerId,
    'identity.user': iam?.userId,
    'identity.userArn': iam?.userArn,
  };
}

function requestVariables({ requestId, method, undecodedPath, protocol, host, time, sourceIp, headers }: ApiRequest): LogVariables {
  return {
    requestId,
    extendedRequestId: requestId,
    httpMethod: method,
    path: undecodedPath,
    protocol,
    domainName: host,
    requestTime: commonLogTime(time),
    requestTimeEpoch: time.getTime(),
    'identity.sourceIp': sourceIp,
    'identity.userAgent': headers['user-agent'],
  };
}
