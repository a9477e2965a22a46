import { connect } from 'node:net';

/** How a server tells that it can be asked: an HTTP path that answers 200, or a port that takes connections. */
export interface Probe {
  /** Such as `/ping`. @default - a connection is enough */
  readonly path?: string;
  /** How long an answer may take: SageMaker waits two seconds. @default 2000 */
  readonly timeoutMilliseconds?: number;
}

/** Whether the server answers now. */
export async function answers(port: number, { path, timeoutMilliseconds = 2000 }: Probe): Promise<boolean> {
  return path === undefined ? takesConnections(port, timeoutMilliseconds) : (await healthStatus(port, path, timeoutMilliseconds)) === 200;
}

async function healthStatus(port: number, path: string, timeoutMilliseconds: number): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(timeoutMilliseconds), redirect: 'manual' });
    await response.body?.cancel();
    return response.status;
  } catch {
    // Refused, reset or late: it does not answer yet, which is all that is asked here.
    return undefined;
  }
}

function takesConnections(port: number, timeoutMilliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: timeoutMilliseconds });
    const end = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
