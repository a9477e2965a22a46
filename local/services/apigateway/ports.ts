import path from 'node:path';
import { LogFile } from '../../compute/log-file.ts';
import type { LaptopContext } from '../../core/context.ts';
import type { IncomingRequest, OutgoingResponse } from '../../wire/request.ts';
import { listen } from '../../wire/server.ts';
import type { WireServer } from '../../wire/server.ts';
import type { StoredApi } from './types.ts';

/** Answers one request to its end; what it rejects with could not be answered. */
export type RequestHandler = (incoming: IncomingRequest, outgoing: OutgoingResponse, log: AccessLog) => Promise<void>;

/** Where an API's access log goes: nowhere any more once the API is closed. */
export interface AccessLog {
  write(line: string): void;
}

interface OpenPort {
  readonly server: WireServer;
  readonly log: LogFile;
}

/** The loopback ports on which APIs listen, each its own, the same from one start to the next. */
export class ApiPorts {
  readonly #context: LaptopContext;
  readonly #open = new Map<string, OpenPort>();

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /**
   * Listens for an API, unless it does already.
   * @param name what notices call it
   * @param publish whether people are told of it
   * @returns its URL, without a slash at its end
   */
  async open(id: string, name: string, handler: RequestHandler, publish = true): Promise<string> {
    const open = this.#open.get(id) ?? (await this.#start(id, name, handler));
    this.#open.set(id, open);
    const url = `http://127.0.0.1:${open.server.port}`;
    if (publish) this.#context.publishApi(id, url);
    return url;
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

  async #start(id: string, name: string, handler: RequestHandler): Promise<OpenPort> {
    const log = new LogFile(path.join(this.#context.stateDirectory, 'logs', `api-${id}.log`));
    // A request that is cut off by the end of the laptop opens no log anew.
    const open: AccessLog = { write: (line) => void (this.#open.has(id) && log.write(line)) };
    const server = await this.#listen(id, name, (incoming, outgoing) => {
      handler(incoming, outgoing, open).catch((error: unknown) => {
        // The answer could not be sent or logged: all that is left is to break the connection, so that the client notices.
        outgoing.destroy();
        this.#context.emit({ type: 'notice', message: `${name} could not answer: ${error instanceof Error ? error.message : String(error)}` });
      });
    });
    this.#stored().put(id, { port: server.port });
    return { server, log };
  }

  async #stop(id: string): Promise<void> {
    const open = this.#open.get(id);
    this.#open.delete(id);
    await open?.server.close();
    open?.log.close();
  }

  /** Listens where it did before, so that URLs last; elsewhere when another program took the port meanwhile. */
  async #listen(id: string, name: string, handler: Parameters<typeof listen>[0]): Promise<WireServer> {
    const port = this.#stored().get(id)?.port ?? 0;
    try {
      return await listen(handler, port);
    } catch (error) {
      const { cause } = error as { cause?: NodeJS.ErrnoException };
      if (port === 0 || cause?.code !== 'EADDRINUSE') throw error;
      const server = await listen(handler, 0);
      this.#context.emit({ type: 'notice', message: `${name} moved to port ${server.port}: another program holds its port ${port}.` });
      return server;
    }
  }

  #stored() {
    return this.#context.store.collection<StoredApi>('apigateway', 'api');
  }
}
