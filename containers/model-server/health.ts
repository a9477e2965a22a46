import { get } from 'node:http';

/** A server that is alive answers within this. */
const patienceMs = 4_000;

/** Whether the server on this port of this machine answers its health check: for an orchestrator in an image that has neither shell nor curl. A server without a model is alive. */
export function checkHealth(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/ping', timeout: patienceMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 || response.statusCode === 503);
    });
    request.on('timeout', () => { request.destroy(); });
    request.on('close', () => { resolve(false); });
    request.on('error', () => { resolve(false); });
  });
}
