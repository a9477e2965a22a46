import type { LaptopContext } from '../../core/context.ts';
import { accessLogLine } from './access-log.ts';
import { httpApiDialect } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { serve } from './gateway.ts';
import { HttpApi } from './http-api.ts';
import { JwtAuthorizers } from './jwt-authorizer.ts';
import type { Exchange } from './log-variables.ts';
import { logVariables } from './log-variables.ts';
import { ApiPorts } from './ports.ts';
import type { AccessLog } from './ports.ts';
import type { ApiProperties } from './types.ts';

/** The HTTP APIs of the laptop, each on a port of its own. */
export class Apis {
  readonly #context: LaptopContext;
  readonly #dialect: Dialect;
  readonly #tokens: JwtAuthorizers;
  readonly #ports: ApiPorts;
  readonly #apis = new Map<string, HttpApi>();

  constructor(context: LaptopContext, dialect = httpApiDialect) {
    this.#context = context;
    this.#dialect = dialect;
    this.#tokens = new JwtAuthorizers(context);
    this.#ports = new ApiPorts(context);
  }

  /** Brings an API up, or changes the one that is. @returns its URL, without a slash at its end */
  async open(id: string, properties: ApiProperties): Promise<string> {
    const api = this.#apis.get(id) ?? new HttpApi(id, properties, { dialect: this.#dialect, tokens: this.#tokens });
    this.#apis.set(id, api);
    api.properties = properties;
    return await this.#ports.open(id, `The HTTP API ${id}`, async (incoming, outgoing, log) => this.#report(api, log, await serve(this.#context, api, incoming, outgoing)));
  }

  /** The API, unless it is gone. */
  find(id: string): HttpApi | undefined {
    return this.#apis.get(id);
  }

  /** Takes an API down for good. */
  async remove(id: string): Promise<void> {
    this.#apis.delete(id);
    await this.#ports.remove(id);
  }

  /** Takes all APIs down; they come up on the same ports next time. */
  async close(): Promise<void> {
    this.#apis.clear();
    await this.#ports.close();
  }

  #report(api: HttpApi, log: AccessLog, exchange: Exchange): void {
    const { request, stage, routeKey, answer, failure, milliseconds } = exchange;
    const format = stage?.AccessLogSettings?.Format;
    if (format !== undefined) log.write(accessLogLine(format, logVariables({ accountId: this.#context.accountId, apiId: api.id }, exchange)));
    const error = failure?.integrationError ?? failure?.message;
    this.#context.emit({
      type: 'service',
      service: 'apigateway',
      name: 'RequestServed',
      detail: { apiId: api.id, method: request?.method, path: request?.path, routeKey, status: answer?.status, milliseconds, ...(error === undefined ? {} : { error }) },
    });
  }
}
