import path from 'node:path';
import { LogFile } from '../../compute/log-file.ts';
import type { LaptopContext } from '../../core/context.ts';
import { listen } from '../../wire/server.ts';
import type { WireServer } from '../../wire/server.ts';
import { accessLogLine } from './access-log.ts';
import { serve } from './gateway.ts';
import { HttpApi } from './http-api.ts';
import type { Exchange } from './log-variables.ts';
import { logVariables } from './log-variables.ts';
import type { ApiProperties, StoredApi } from './types.ts';

interface OpenApi {
  readonly api: HttpApi;
  readonly server: WireServer;
  readonly log: LogFile;
}

/** The HTTP APIs of the laptop, each on a port of its own. */
export class Apis {
  readonly #context: LaptopContext;
  readonly #open = new Map<string, OpenApi>();

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /** Brings an API up, or changes the one that is. @returns its URL, without a slash at its end */
  async open(id: string, properties: ApiProperties): Promise<string> {
    const open = this.#open.get(id) ?? (await this.#start(id, properties));
    this.#open.set(id, open);
    open.api.properties = properties;
    const url = `http://127.0.0.1:${open.server.port}`;
    this.#context.publishApi(id, url);
    return url;
  }

  /** The API, unless it is gone. */
  find(id: string): HttpApi | undefined {
    return this.#open.get(id)?.api;
  }

  /** Takes an API down for good. */
  async remove(id: string): Promise<void> {
    await this.#stop(id);
    this.#stored().delete(id);
  }

  /** Takes all APIs down; they come up on the same ports next time. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.#stop(id)));
  }

  async #start(id: string, properties: ApiProperties): Promise<OpenApi> {
    const api = new HttpApi(id, properties);
    const log = new LogFile(path.join(this.#context.stateDirectory, 'logs', `api-${id}.log`));
    const server = await this.#listen(api, (exchange) => this.#report(api, log, exchange));
    this.#stored().put(id, { port: server.port });
    return { api, server, log };
  }

  async #stop(id: string): Promise<void> {
    const open = this.#open.get(id);
    this.#open.delete(id);
    await open?.server.close();
    open?.log.close();
  }

  /** Listens where it did before, so that URLs last; elsewhere when another program took the port meanwhile. */
  async #listen(api: HttpApi, report: (exchange: Exchange) => void): Promise<WireServer> {
    const handler: Parameters<typeof listen>[0] = (incoming, outgoing) => {
      serve(this.#context, api, incoming, outgoing)
        .then(report)
        .catch((error: unknown) => {
          // The answer could not be sent or logged: all that is left is to break the connection, so that the client notices.
          outgoing.destroy();
          this.#context.emit({ type: 'notice', message: `The HTTP API ${api.id} could not answer: ${error instanceof Error ? error.message : String(error)}` });
        });
    };
    const port = this.#stored().get(api.id)?.port ?? 0;
    try {
      return await listen(handler, port);
    } catch (error) {
      const { cause } = error as { cause?: NodeJS.ErrnoException };
      if (port === 0 || cause?.code !== 'EADDRINUSE') throw error;
      const server = await listen(handler, 0);
      this.#context.emit({ type: 'notice', message: `The HTTP API ${api.id} moved to port ${server.port}: another program holds its port ${port}.` });
      return server;
    }
  }

  #report(api: HttpApi, log: LogFile, exchange: Exchange): void {
    const { request, stage, routeKey, answer, failure, milliseconds } = exchange;
    // A request that is cut off by the end of the laptop opens no log anew.
    if (!this.#open.has(api.id)) return;
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

  #stored() {
    return this.#context.store.collection<StoredApi>('apigateway', 'api');
  }
}
