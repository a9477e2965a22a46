import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import { answerOf } from './answer.ts';
import { GatewayError, integrationFailed } from './errors.ts';
import { eventV1, eventV2 } from './event.ts';
import type { Invocation } from './invocation.ts';
import type { HttpAnswer, IntegrationProperties } from './types.ts';

/** How long an integration may take at most, and unless it says less. */
const LONGEST_MILLISECONDS = 30_000;

/** Why the laptop cannot call an integration, or undefined when it can. */
export function unservedIntegration({ IntegrationType: type, IntegrationSubtype: subtype, IntegrationUri: uri }: IntegrationProperties): string | undefined {
  if (type !== 'AWS_PROXY') return `it is of type ${type}, and only AWS_PROXY integrations with Lambda run on the laptop`;
  if (subtype !== undefined) return `it calls ${subtype}, and only integrations with Lambda run on the laptop`;
  if (functionArn(uri) === undefined) return `"${uri ?? ''}" names no Lambda function`;
  return undefined;
}

/**
 * Has the function answer.
 * @throws {GatewayError} 500 when it fails, 503 when it takes too long or is throttled
 */
export async function invoke(context: LaptopContext, integration: IntegrationProperties, invocation: Invocation): Promise<HttpAnswer> {
  const unserved = unservedIntegration(integration);
  if (unserved !== undefined) throw integrationFailed(`The laptop cannot call the integration: ${unserved}`);
  const format = integration.PayloadFormatVersion ?? '1.0';
  const event = format === '1.0' ? eventV1(invocation) : eventV2(invocation);
  const call = context.dispatch({
    service: 'lambda',
    operation: 'Invoke',
    input: { FunctionName: functionArn(integration.IntegrationUri), InvocationType: 'RequestResponse', Payload: Buffer.from(JSON.stringify(event)) },
    caller: integration.CredentialsArn === undefined ? context.identity.service('apigateway.amazonaws.com') : context.identity.role(integration.CredentialsArn, 'BackplaneAssumeRoleSession'),
  });
  const output = await within(Number(integration.TimeoutInMillis ?? LONGEST_MILLISECONDS), call).catch((error: unknown) => {
    throw error instanceof AwsError ? refused(error) : error;
  });
  if (output['FunctionError'] !== undefined) throw integrationFailed(`The Lambda function returned the following error: ${String(output['FunctionError'])}. Check your Lambda function code and try again.`);
  return answerOf(Buffer.from(output['Payload'] as Uint8Array).toString(), format);
}

/** The function may run on, as on AWS: only the client stops waiting. */
async function within<T>(milliseconds: number, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GatewayError(503, 'Service Unavailable', `Endpoint request timed out after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

function refused(error: AwsError): GatewayError {
  const reason = `${error.code}: ${error.message}`;
  if (error.code === 'TooManyRequestsException') return new GatewayError(503, 'Service Unavailable', reason);
  if (error.code === 'RequestTooLargeException') return new GatewayError(413, 'Request Entity Too Large', reason);
  return integrationFailed(reason);
}

/** The function's ARN, which may stand in the form of API Gateway's own URIs. */
function functionArn(uri: string | undefined): string | undefined {
  return /(arn:[^:]+:lambda:[^:]+:\d*:function:[^/]+)/.exec(uri ?? '')?.[1];
}
