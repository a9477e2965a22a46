import { randomUUID } from 'node:crypto';
import type { Caller } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import { TaskFailure } from '../../../states/index.ts';
import type { Json, JsonObject } from '../../../states/index.ts';
import { serviceModel } from '../../../wire/catalog.ts';
import type { Integration } from './catalog.ts';
import { fromApiOutput, toApiInput } from './shapes.ts';
import type { TimestampStyle } from './shapes.ts';

/** A call to an AWS API, as a task makes it. */
export interface ApiCall {
  readonly integration: Integration;
  /** As the resource writes it: `putObject`. */
  readonly operation: string;
  readonly args: Json;
  readonly caller: Caller;
  readonly style: TimestampStyle;
  readonly signal: AbortSignal;
}

/** Calls an AWS API with arguments and result as Step Functions writes them, and its errors under Step Functions' names. */
export async function callApi(context: LaptopContext, call: ApiCall): Promise<JsonObject> {
  const { integration, caller, signal } = call;
  const operation = call.operation.charAt(0).toUpperCase() + call.operation.slice(1);
  const model = serviceModel(integration.service)?.operations.get(operation);
  if (model === undefined) throw new TaskFailure('States.Runtime', `The laptop knows no operation ${integration.service}:${operation}.`);
  const requestId = randomUUID();
  const input = (toApiInput(model.input, call.args ?? {}) ?? {}) as Record<string, unknown>;
  try {
    const output = await context.dispatch({ service: integration.service, operation, input, caller, requestId, signal });
    const result = (await fromApiOutput(model.output, output, call.style)) as JsonObject;
    return call.style === 'iso' ? result : { ...result, ...metadata(requestId) };
  } catch (error) {
    throw error instanceof AwsError ? asFailure(error, call, requestId) : error;
  }
}

/** What optimized integrations tell of the HTTP exchange. */
function metadata(requestId: string): JsonObject {
  return { SdkHttpMetadata: { HttpStatusCode: 200, HttpHeaders: { 'x-amzn-RequestId': requestId } }, SdkResponseMetadata: { RequestId: requestId } };
}

/** Names an API's error as Step Functions does: by the exception class of the AWS SDK for Java. */
function asFailure(error: AwsError, { integration, style }: ApiCall, requestId: string): TaskFailure {
  const declared = serviceModel(integration.service)?.errors.has(error.code) === true;
  const name = `${integration.errorPrefix}.${error.code.endsWith('Exception') ? error.code : `${error.code}Exception`}`;
  const facts =
    style === 'iso'
      ? `Service: ${integration.label}, Status Code: ${error.statusCode}, Request ID: ${requestId}`
      : `Service: ${integration.label}; Status Code: ${error.statusCode}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null`;
  return new TaskFailure(declared ? name : integration.unknownError, `${error.message} (${facts})`);
}
