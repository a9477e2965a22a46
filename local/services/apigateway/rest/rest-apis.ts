import type { LaptopContext } from '../../../core/context.ts';
import type { Collection } from '../../../core/store.ts';
import { accessLogLine } from '../access-log.ts';
import { ApiPorts } from '../ports.ts';
import type { AccessLog } from '../ports.ts';
import type { Definition } from './definition.ts';
import { serve } from './gateway.ts';
import { exchangeVariables } from './log-variables.ts';
import type { RestExchange } from './log-variables.ts';
import { RestApi } from './rest-api.ts';
import type { RestApiProperties } from './types.ts';
import { Usage } from './usage.ts';

/** The REST APIs of the laptop, each on a port of its own. */
export class RestApis {
  readonly usage: Usage;
  readonly #context: LaptopContext;
  readonly #ports: ApiPorts;
  readonly #deployments: Collection<Definition>;
  readonly #apis = new Map<string, RestApi>();

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#ports = new ApiPorts(context);
    this.#deployments = context.store.collection('apigateway', 'rest-deployment');
    this.usage = new Usage(context);
  }

  /** Brings an API up, or changes the one that is. @returns its URL, without stage and slash at its end */
  async open(id: string, rootId: string, properties: RestApiProperties): Promise<string> {
    const api = this.#apis.get(id) ?? new RestApi(id, rootId, properties, this.#deployments);
    this.#apis.set(id, api);
    api.properties = properties;
    const backend = { context: this.#context, usage: this.usage };
    return await this.#ports.open(id, `The REST API ${id}`, async (incoming, outgoing, log) => this.#report(log, await serve(backend, api, incoming, outgoing)));
  }

  /** The API, unless it is gone. */
  find(id: string): RestApi | undefined {
    return this.#apis.get(id);
  }

  /** Takes an API down for good. */
  async remove(id: string): Promise<void> {
    this.#apis.delete(id);
    for (const { id: deployment } of this.#deployments.list(`${id}/`)) this.#deployments.delete(deployment);
    await this.#ports.remove(id);
  }

  /** Takes all APIs down; they come up on the same ports next time. */
  async close(): Promise<void> {
    this.#apis.clear();
    await this.#ports.close();
  }

  #report(log: AccessLog, exchange: RestExchange): void {
    const { apiId, request, stage, invocation, answer, failure, milliseconds } = exchange;
    const format = stage?.AccessLogSetting?.Format;
    if (format !== undefined) log.write(accessLogLine(format, exchangeVariables(exchange)));
    const error = failure?.reason ?? failure?.message;
    this.#context.emit({
      type: 'service',
      service: 'apigateway',
      name: 'RequestServed',
      detail: { apiId, method: request?.method, path: request?.path, resourcePath: invocation?.match.resourcePath, status: answer?.status, milliseconds, ...(error === undefined ? {} : { error }) },
    });
  }
}
