import type { LogVariables } from '../access-log.ts';
import { commonLogTime } from '../invocation.ts';
import type { ApiRequest } from '../request.ts';
import type { HttpAnswer } from '../types.ts';
import type { RestError } from './errors.ts';
import type { RestInvocation } from './invocation.ts';
import type { RestStageProperties } from './types.ts';

/** What is known of a request, as far as it came. */
export interface RestExchange {
  /** On the monotonic clock. */
  readonly started: number;
  readonly accountId: string;
  readonly apiId: string;
  readonly requestId: string;
  request?: ApiRequest;
  stage?: RestStageProperties;
  invocation?: RestInvocation;
  integrationMilliseconds?: number;
  failure?: RestError;
  answer?: HttpAnswer;
  /** How many bytes of a body went out. */
  bytes?: number;
  milliseconds?: number;
}

/** The `$context` variables of a request, whatever came of it. */
export function exchangeVariables(exchange: RestExchange): LogVariables {
  const { accountId, apiId, requestId, request, stage, invocation, integrationMilliseconds, failure, answer, bytes, milliseconds } = exchange;
  const hasAnswered = integrationMilliseconds !== undefined && failure === undefined;
  return {
    accountId,
    apiId,
    domainPrefix: apiId,
    requestId,
    stage: stage?.StageName,
    ...(request && requestVariables(request)),
    ...(invocation && restVariables(invocation)),
    status: answer?.status,
    responseLatency: milliseconds,
    responseLength: bytes,
    integrationLatency: integrationMilliseconds,
    integrationStatus: hasAnswered ? 200 : undefined,
    'integration.latency': integrationMilliseconds,
    'integration.status': answer?.status,
    'integration.error': failure?.reason,
    integrationErrorMessage: failure?.reason,
    'error.message': failure?.clientMessage ?? undefined,
    'error.messageString': failure && JSON.stringify(failure.clientMessage),
    'error.responseType': failure?.type,
  };
}

/** The `$context` variables of a request for which a method was found. */
export function restVariables({ accountId, apiId, stage, match, requestId, request, authorized, key }: RestInvocation): LogVariables {
  const { iam, custom = {} } = authorized ?? {};
  return {
    accountId,
    apiId,
    domainPrefix: apiId,
    deploymentId: stage.DeploymentId,
    requestId,
    stage: stage.StageName,
    resourceId: match.resourceId,
    resourcePath: match.resourcePath,
    ...requestVariables(request),
    ...Object.fromEntries(Object.entries(custom).map(([name, value]) => [`authorizer.${name}`, String(value)])),
    'identity.accountId': iam?.accountId,
    'identity.caller': iam?.callerId,
    'identity.user': iam?.userId,
    'identity.userArn': iam?.userArn,
    'identity.apiKeyId': key?.id,
    'identity.apiKey': key?.value,
  };
}

function requestVariables({ requestId, method, undecodedPath, protocol, host, time, sourceIp, headers }: ApiRequest): LogVariables {
  return {
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
