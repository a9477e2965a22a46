import type { Call, Output } from '../../../local/core/call.ts';
import type { Clock } from '../../../local/core/context.ts';
import { createApiGateway } from '../../../local/services/apigateway/index.ts';
import { openBench } from './harness.ts';
import type { Bench } from './harness.ts';

/** The event that a function got. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever AWS's shape is, the tests read it member by member
export type Event = any;

/** An API whose function is made up by the test. */
export interface ApiBench {
  readonly bench: Bench;
  readonly url: string;
  readonly apiId: string;
  /** What the function was asked, in order. */
  readonly calls: { readonly call: Call; readonly event: Event }[];
  /** What the function does with an event; it returns the result or throws. */
  answer(event: Event): unknown;
  /** Adds a route to the function. */
  route(routeKey: string, more?: Record<string, unknown>): Promise<void>;
  integration(more?: Record<string, unknown>): Promise<void>;
  stage(more?: Record<string, unknown>): Promise<void>;
}

/** The function behind the API. */
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:fake';

/** Brings up an API with a default stage and no route. */
export async function openApi(options: { clock?: Clock; stateDirectory?: string; api?: Record<string, unknown> } = {}): Promise<ApiBench> {
  const calls: { call: Call; event: Event }[] = [];
  const invoke = async (input: { Payload: Uint8Array }, call: Call): Promise<Output> => {
    const event: Event = JSON.parse(Buffer.from(input.Payload).toString());
    calls.push({ call, event });
    const result = await api.answer(event);
    if (result instanceof Error) return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorMessage: result.message })) };
    return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(result ?? null)) };
  };
  const bench = await openBench({ ...options, modules: [createApiGateway], services: [{ name: 'lambda', operations: { Invoke: invoke } }] });
  const { physicalId: apiId, attributes } = await bench.provision('AWS::ApiGatewayV2::Api', 'Api', { Name: 'api', ProtocolType: 'HTTP', ...options.api });
  let integrationId = '';
  const api: ApiBench = {
    bench,
    url: attributes['ApiEndpoint'] as string,
    apiId,
    calls,
    answer: () => ({ statusCode: 200 }),
    async route(routeKey, more = {}) {
      await bench.provision('AWS::ApiGatewayV2::Route', routeKey, { ApiId: apiId, RouteKey: routeKey, Target: `integrations/${integrationId}`, ...more });
    },
    async integration(more = {}) {
      const integration = await bench.provision('AWS::ApiGatewayV2::Integration', 'Integration', { ApiId: apiId, IntegrationType: 'AWS_PROXY', IntegrationUri: functionArn, PayloadFormatVersion: '2.0', ...more });
      integrationId = integration.physicalId;
    },
    async stage(more = {}) {
      const name = String(more['StageName'] ?? '$default');
      await bench.provision('AWS::ApiGatewayV2::Stage', `Stage ${name}`, { ApiId: apiId, StageName: name, AutoDeploy: true, ...more });
    },
  };
  await api.integration();
  await api.stage();
  return api;
}
