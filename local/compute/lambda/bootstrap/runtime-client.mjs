import { Buffer } from 'node:buffer';
import http from 'node:http';
import { URL } from 'node:url';

/**
 * @typedef {object} Next
 * @property {string} requestId
 * @property {string} payload
 * @property {string} functionArn
 * @property {number} deadline milliseconds since the epoch
 * @property {string} [traceId]
 * @property {string} [clientContext]
 */

/** Speaks the Lambda Runtime API over one connection that stays open. */
export class RuntimeClient {
  #host;
  #port;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  /** @param {string} address host and port */
  constructor(address) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#host = hostname;
    this.#port = port;
  }

  /** Waits for the next event. @returns {Promise<Next>} */
  async next() {
    const { headers, body } = await this.#request('GET', 'invocation/next');
    return {
      requestId: headers['lambda-runtime-aws-request-id'],
      payload: body,
      functionArn: headers['lambda-runtime-invoked-function-arn'],
      deadline: Number(headers['lambda-runtime-deadline-ms']),
      traceId: headers['lambda-runtime-trace-id'],
      clientContext: headers['lambda-runtime-client-context'],
    };
  }

  /** @param {string} requestId @param {string} payload JSON */
  async response(requestId, payload) {
    await this.#request('POST', `invocation/${requestId}/response`, payload);
  }

  /**
   * Opens an answer that goes out bit by bit, and may be broken off by an error in its trailers.
   * @param {string} requestId @param {string} contentType
   */
  stream(requestId, contentType) {
    const request = http.request(this.#options('POST', `invocation/${requestId}/response`, {
      'Content-Type': contentType,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Transfer-Encoding': 'chunked',
      Trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
    }));
    const answered = new Promise((resolve, reject) => {
      request.once('error', reject);
      request.once('response', (response) => response.resume().once('error', reject).once('end', resolve));
    });
    return { request, answered };
  }

  /** @param {string} requestId @param {{errorType: string}} error */
  async error(requestId, error) {
    await this.#request('POST', `invocation/${requestId}/error`, JSON.stringify(error), error.errorType);
  }

  /** @param {{errorType: string}} error */
  async initError(error) {
    await this.#request('POST', 'init/error', JSON.stringify(error), error.errorType);
  }

  #options(method, resource, headers) {
    return { host: this.#host, port: this.#port, path: `/2018-06-01/runtime/${resource}`, method, agent: this.#agent, headers };
  }

  #request(method, resource, body = '', errorType = undefined) {
    return new Promise((resolve, reject) => {
      const request = http.request(this.#options(method, resource, {
        'Content-Length': Buffer.byteLength(body),
        ...(body === '' ? {} : { 'Content-Type': 'application/json' }),
        ...(errorType === undefined ? {} : { 'Lambda-Runtime-Function-Error-Type': encodeURIComponent(errorType) }),
      }));
      request.once('error', reject);
      request.once('response', (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      });
      request.end(body);
    });
  }
}
