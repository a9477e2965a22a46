import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import type { IncomingRequest, OutgoingResponse } from './request.ts';
import { LaptopError } from '../core/errors.ts';

/** The laptop's listening port. */
export interface WireServer {
  readonly port: number;
  /** Stops listening and drops what is still connected. */
  close(): Promise<void>;
}

/** How long an idle connection is kept: longer than SDK clients keep theirs, so that they never write into a closing one. */
const keepAliveMilliseconds = 120_000;

/**
 * Listens on one loopback port for HTTP/1.1 and for HTTP/2 with prior knowledge, told apart by their
 * first bytes: some SDK clients (Bedrock's, Kinesis') speak HTTP/2 alone.
 */
export async function listen(handler: (request: IncomingRequest, response: OutgoingResponse) => void, port: number): Promise<WireServer> {
  const one = http.createServer({ keepAliveTimeout: keepAliveMilliseconds, requestTimeout: 0 }, handler);
  const two = http2.createServer(handler);
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that resets its connection is no fault of ours.
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first.toString('latin1', 0, 3) === 'PRI' ? two : one).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  await bind(server, port);
  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function bind(server: net.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new LaptopError(`Port ${port} on 127.0.0.1 is busy. Stop the program that holds it (\`ss -ltnp 'sport = :${port}'\` names it), or choose another with --port.`, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
