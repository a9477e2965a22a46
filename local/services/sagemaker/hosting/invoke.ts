import type { Call, Operation, Output } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { DataCapture } from './capture.ts';
import type { Endpoints } from './endpoints.ts';
import { ContainerTimeout } from './forward.ts';
import type { ContainerClient, ContainerResponse } from './forward.ts';
import type { InvocationMetrics } from './metrics.ts';
import type { Variant } from './variant.ts';

/** InvokeEndpoint, as far as the laptop acts on it. */
interface InvokeInput {
  readonly EndpointName: string;
  readonly Body?: Uint8Array;
  readonly ContentType?: string;
  readonly Accept?: string;
  readonly CustomAttributes?: string;
  readonly TargetVariant?: string;
  readonly TargetModel?: string;
  readonly InferenceId?: string;
  readonly SessionId?: string;
}

/** How long SageMaker waits for a container. */
const timeoutMilliseconds = 60_000;
/** SageMaker's bound on a body in each direction; serverless variants take less. */
const mostBytes = 6_291_456;
const mostServerlessBytes = 4 * 1024 * 1024;

/** What InvokeEndpoint stands on. */
export interface InvokePorts {
  readonly context: LaptopContext;
  readonly endpoints: Endpoints;
  readonly client: ContainerClient;
  readonly capture: DataCapture;
  readonly metrics: InvocationMetrics;
}

/** InvokeEndpoint. */
export function invokeEndpoint(ports: InvokePorts): Operation {
  return async (input: InvokeInput, call: Call): Promise<Output> => {
    const started = performance.now();
    const { EndpointName: endpointName, Body: body = new Uint8Array() } = input;
    const variant = await chosenVariant(ports, input);
    const measured = { model: 0 };
    // What the container answered or, where it was not asked, what the caller is answered.
    let status = 500;
    try {
      const { serverless } = variant.state;
      status = 400;
      checkSize(body, serverless === undefined ? mostBytes : mostServerlessBytes);
      if (serverless !== undefined && variant.inFlight >= serverless.MaxConcurrency) {
        throw new AwsError('ThrottlingException', `Rate exceeded: the variant ${variant.name} serves its MaxConcurrency of ${serverless.MaxConcurrency} requests.`, 429);
      }
      status = 500;
      const response = await ask(ports, variant, input, measured, call);
      status = response.status;
      if (status >= 400) throw modelError(ports, endpointName, variant, status, response.body.toString('utf8'));
      const answer = {
        ContentType: response.headers['content-type'],
        CustomAttributes: response.headers['x-amzn-sagemaker-custom-attributes'],
        InvokedProductionVariant: variant.name,
        Body: response.body,
      };
      captured(ports, variant, input, body, response);
      return answer;
    } finally {
      const total = (performance.now() - started) * 1000;
      const modelMicroseconds = Math.round(measured.model * 1000);
      ports.metrics.add({ endpointName, variantName: variant.name, status, modelMicroseconds, overheadMicroseconds: Math.max(0, Math.round(total) - modelMicroseconds) });
    }
  };
}

async function chosenVariant({ context, endpoints }: InvokePorts, { EndpointName: name, TargetVariant: target }: InvokeInput): Promise<Variant> {
  const live = endpoints.live(name);
  if (live === undefined) throw new AwsError('ValidationError', `Endpoint ${name} of account ${context.accountId} not found.`);
  const variant = await live.choose(target);
  if (variant !== undefined) return variant;
  if (target !== undefined) throw new AwsError('ValidationError', `Variant ${target} of endpoint ${name} of account ${context.accountId} not found.`);
  throw new AwsError('ServiceUnavailable', `Every variant of endpoint ${name} has the weight 0: none takes traffic that names no TargetVariant.`, 503);
}

function checkSize(body: Uint8Array, most: number): void {
  if (body.byteLength <= most) return;
  throw new AwsError('ValidationError', `1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to ${most}`, 413);
}

async function ask({ context, client, endpoints }: InvokePorts, variant: Variant, input: InvokeInput, measured: { model: number }, call: Call): Promise<ContainerResponse> {
  const name = input.EndpointName;
  return variant.withPort(async (port) => {
    if (port === undefined) throw new AwsError('ServiceUnavailable', `No container of the variant ${variant.name} is up at the moment.`, 503);
    const started = performance.now();
    try {
      return await client.post(port, '/invocations', containerHeaders(input), input.Body ?? new Uint8Array(), timeoutMilliseconds);
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      if (error instanceof ContainerTimeout) {
        throw modelError({ context, endpoints }, name, variant, 0, 'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.');
      }
      // The container broke off: it may have crashed, and is started again.
      throw modelError({ context, endpoints }, name, variant, 0, `The connection to container primary broke: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      measured.model = performance.now() - started;
    }
  });
}

function containerHeaders({ ContentType, Accept, CustomAttributes, TargetModel, TargetVariant, InferenceId, SessionId }: InvokeInput): Record<string, string> {
  const named: Record<string, string | undefined> = {
    'content-type': ContentType,
    accept: Accept,
    'x-amzn-sagemaker-custom-attributes': CustomAttributes,
    'x-amzn-sagemaker-target-model': TargetModel,
    'x-amzn-sagemaker-target-variant': TargetVariant,
    'x-amzn-sagemaker-inference-id': InferenceId,
    'x-amzn-sagemaker-session-id': SessionId,
  };
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** What the container answered instead of a prediction: told with its own status and words. */
function modelError({ context, endpoints }: Pick<InvokePorts, 'context' | 'endpoints'>, endpointName: string, variant: Variant, status: number, body: string): AwsError {
  const { partition, region, accountId } = context;
  const kind = status >= 400 && status < 500 ? 'client' : 'server';
  const group = `/aws/sagemaker/Endpoints/${endpoints.find(endpointName)?.name ?? endpointName}`;
  const message = `Received ${kind} error (${status}) from primary with message "${body}". See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group} in account ${accountId} for more information.`;
  return new AwsError('ModelError', message, 424, {
    OriginalStatusCode: status,
    OriginalMessage: body,
    LogStreamArn: `arn:${partition}:logs:${region}:${accountId}:log-group:${group}:log-stream:${variant.name}`,
  });
}

function captured({ capture, endpoints }: InvokePorts, variant: Variant, { EndpointName: endpointName, ContentType, InferenceId, CustomAttributes }: InvokeInput, body: Uint8Array, response: ContainerResponse): void {
  const config = endpoints.find(endpointName)?.deployed.config.DataCaptureConfig;
  if (config === undefined) return;
  capture.add(
    { endpointName, variantName: variant.name, roleArn: variant.roleArn, config },
    {
      input: { contentType: ContentType ?? 'application/octet-stream', data: body },
      output: { contentType: response.headers['content-type'] ?? 'application/octet-stream', data: response.body },
      ...(InferenceId === undefined ? {} : { inferenceId: InferenceId }),
      ...(CustomAttributes === undefined ? {} : { customAttributes: CustomAttributes }),
    },
  );
}
