import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** What a container answered. */
export interface ContainerResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The container did not answer in time. */
export class ContainerTimeout extends Error {
  override readonly name = 'ContainerTimeout';
}

/** Connections to containers, kept open between requests. */
export class ContainerClient {
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  /**
   * Sends a request to a container.
   * @throws {ContainerTimeout} when its time is over; what the socket throws when it breaks
   */
  async post(port: number, path: string, headers: Readonly<Record<string, string>>, body: Uint8Array, timeoutMilliseconds: number): Promise<ContainerResponse> {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    try {
      return await this.#send(port, path, headers, body, signal);
    } catch (error) {
      if (signal.aborted) throw new ContainerTimeout(`No answer within ${timeoutMilliseconds / 1000} s`);
      // The container may close an idle connection while we take it into use: it has not seen the request.
      if ((error as NodeJS.ErrnoException & { reused?: boolean }).reused !== true) throw error;
      return this.#send(port, path, headers, body, signal);
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  #send(port: number, path: string, headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal): Promise<ContainerResponse> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method: 'POST', agent: this.#agent, headers: { ...headers, 'content-length': body.byteLength }, signal }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }));
        incoming.once('error', reject);
      });
      outgoing.once('error', (error: NodeJS.ErrnoException) => reject(Object.assign(error, { reused: outgoing.reusedSocket && error.code === 'ECONNRESET' })));
      outgoing.end(body);
    });
  }
}
