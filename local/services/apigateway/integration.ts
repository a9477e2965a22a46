import { Readable } from 'node:stream';
import type { LaptopContext } from '../../core/context.ts';
import { answerOf } from './answer.ts';
import type { Dialect } from './dialect.ts';
import { integrationFailed } from './errors.ts';
import { eventV1, eventV2 } from './event.ts';
import { callFunction, functionArn } from './function-call.ts';
import type { Invocation } from './invocation.ts';
import { httpIntegrationType, streamFunction, takeMetadata } from './streamed-call.ts';
import type { StreamedAnswer } from './streamed-call.ts';
import type { HttpAnswer, IntegrationProperties } from './types.ts';

/** How long an integration may take at most, and unless it says less. */
const longestMilliseconds = 30_000;

/** Why the laptop cannot call an integration, or undefined when it can. */
export function unservedIntegration({ IntegrationType: type, IntegrationSubtype: subtype, IntegrationUri: uri }: IntegrationProperties): string | undefined {
  if (type !== 'AWS_PROXY') return `it is of type ${type}, and only AWS_PROXY integrations with Lambda run on the laptop`;
  if (subtype !== undefined) return `it calls ${subtype}, and only integrations with Lambda run on the laptop`;
  if (functionArn(uri) === undefined) return `"${uri ?? ''}" names no Lambda function`;
  return undefined;
}

/** Has the function answer. @throws {GatewayError} when it cannot, or answers nonsense */
export async function invoke(context: LaptopContext, { defaultType }: Dialect, integration: IntegrationProperties, invocation: Invocation): Promise<HttpAnswer> {
  const unserved = unservedIntegration(integration);
  if (unserved !== undefined) throw integrationFailed(`The laptop cannot call the integration: ${unserved}`);
  const { IntegrationUri: uri, CredentialsArn: credentialsArn, PayloadFormatVersion: format = '1.0', TimeoutInMillis: timeout = longestMilliseconds } = integration;
  const event = format === '1.0' ? eventV1(invocation) : eventV2(invocation);
  const target = { uri, credentialsArn, timeoutMilliseconds: Number(timeout) };
  if (integration.ResponseTransferMode !== 'STREAM') return answerOf(await callFunction(context, target, event), format, defaultType);
  return await streamed(await streamFunction(context, target, event));
}

/** An answer without metadata is the body as it is, even when it looks like a response. */
async function streamed({ contentType, chunks }: StreamedAnswer): Promise<HttpAnswer> {
  if (contentType !== httpIntegrationType) return { status: 200, headers: { 'content-type': contentType }, body: Readable.from(chunks, { objectMode: false }) };
  const { metadata, body } = await takeMetadata(chunks);
  return { ...answerOf(JSON.stringify({ statusCode: 200, ...(JSON.parse(metadata) as object) }), '2.0', 'application/octet-stream'), body };
}
