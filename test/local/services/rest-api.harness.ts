import type { Call, Output } from '../../../local/core/call.ts';
import type { Clock } from '../../../local/core/context.ts';
import { createApiGateway } from '../../../local/services/apigateway/index.ts';
import type { Event } from './apigateway.harness.ts';
import { openBench } from './harness.ts';
import type { Bench } from './harness.ts';

/** The function behind the API. */
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:fake';

/** A REST API whose function is made up by the test. */
export interface RestBench {
  readonly bench: Bench;
  readonly apiId: string;
  readonly rootId: string;
  /** Without the stage. */
  readonly url: string;
  readonly calls: { readonly call: Call; readonly event: Event }[];
  /** What the function does with an event; it returns the result or throws. */
  answer(event: Event): unknown;
  /** Adds a resource under another one. @returns its id */
  resource(pathPart: string, parentId?: string): Promise<string>;
  /** Adds a method with the function behind it. */
  method(httpMethod: string, resourceId: string, more?: Record<string, unknown>): Promise<void>;
  /** Deploys what there is to the stage `prod`. */
  deploy(stage?: Record<string, unknown>): Promise<void>;
  fetch(path: string, init?: RequestInit): Promise<{ status: number; body: string; headers: Headers }>;
}

/** Where API Gateway calls a function. */
export const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;

/** Brings up a REST API without any resource. */
export async function openRestApi(options: { clock?: Clock; stateDirectory?: string; api?: Record<string, unknown> } = {}): Promise<RestBench> {
  const calls: { call: Call; event: Event }[] = [];
  const invoke = async (input: { Payload: Uint8Array }, call: Call): Promise<Output> => {
    const event: Event = JSON.parse(Buffer.from(input.Payload).toString());
    calls.push({ call, event });
    const result = await api.answer(event);
    if (result instanceof Error) return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorMessage: result.message })) };
    return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(result ?? null)) };
  };
  const bench = await openBench({ ...options, modules: [createApiGateway], services: [{ name: 'lambda', operations: { Invoke: invoke } }] });
  const { physicalId: apiId, attributes } = await bench.provision('AWS::ApiGateway::RestApi', 'Api', { Name: 'api', ...options.api });
  let deployments = 0;
  const api: RestBench = {
    bench,
    apiId,
    rootId: String(attributes['RootResourceId']),
    url: bench.apis.get(apiId)!,
    calls,
    answer: () => ({ statusCode: 200, body: 'ok' }),
    async resource(pathPart, parentId = api.rootId) {
      return (await bench.provision('AWS::ApiGateway::Resource', `Resource ${parentId} ${pathPart}`, { RestApiId: apiId, ParentId: parentId, PathPart: pathPart })).physicalId;
    },
    async method(httpMethod, resourceId, more = {}) {
      await bench.provision('AWS::ApiGateway::Method', `${httpMethod} ${resourceId}`, { RestApiId: apiId, ResourceId: resourceId, HttpMethod: httpMethod, AuthorizationType: 'NONE', Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uri }, ...more });
    },
    async deploy(stage = {}) {
      const deployment = await bench.provision('AWS::ApiGateway::Deployment', `Deployment${(deployments += 1)}`, { RestApiId: apiId });
      await bench.provision('AWS::ApiGateway::Stage', 'Stage', { RestApiId: apiId, DeploymentId: deployment.physicalId, StageName: 'prod', ...stage });
    },
    async fetch(path, init) {
      // A connection that an earlier API of the same port closed is tried once more, as clients do.
      const response = await fetch(`${api.url}${path}`, init).catch(() => fetch(`${api.url}${path}`, init));
      return { status: response.status, body: await response.text(), headers: response.headers };
    },
  };
  return api;
}
