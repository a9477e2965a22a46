import { Buffer } from 'node:buffer';
import { Writable } from 'node:stream';
import { NamedError } from './errors.mjs';

const handlerStreaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const handlerHighWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const streamResponse = 'response';

/** Between the metadata of an HTTP response and its body. */
const delimiter = Buffer.alloc(8);

/** By this type whoever passes the answer on knows that metadata stand at its beginning. */
const httpIntegrationType = 'application/vnd.awslambda.http-integration-response';

/** What handlers find as `awslambda`: how they say that they answer bit by bit. */
export const awslambda = {
  streamifyResponse(handler, options) {
    handler[handlerStreaming] = streamResponse;
    if (options?.highWaterMark !== undefined) handler[handlerHighWaterMark] = Number.parseInt(options.highWaterMark, 10);
    return handler;
  },
  HttpResponseStream: class HttpResponseStream {
    /** @param {ResponseStream} stream @param {{statusCode?: number, headers?: object, cookies?: string[]}} metadata */
    static from(stream, metadata) {
      stream.setContentType(httpIntegrationType);
      stream.startWith(Buffer.concat([Buffer.from(JSON.stringify(metadata)), delimiter]));
      return stream;
    }
  },
};

/** @param {unknown} handler */
export function isStreaming(handler) {
  return handler[handlerStreaming] === streamResponse;
}

/** An answer on its way: its request to the Runtime API begins with the first byte. */
export class ResponseStream extends Writable {
  #open;
  #request;
  #answered;
  #contentType = 'application/octet-stream';
  #prelude;

  /** @param {(contentType: string) => {request: import('node:http').ClientRequest, answered: Promise<void>}} open @param {object} handler */
  constructor(open, handler) {
    const highWaterMark = handler[handlerHighWaterMark];
    super(highWaterMark === undefined ? {} : { highWaterMark });
    this.#open = open;
  }

  get hasBegun() {
    return this.#request !== undefined;
  }

  /** @param {string} type */
  setContentType(type) {
    if (this.hasBegun) throw new NamedError('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.#contentType = type;
  }

  /** What goes before the first byte. @param {Buffer} bytes */
  startWith(bytes) {
    this.#prelude = bytes;
  }

  /** What is neither text nor bytes goes as JSON. */
  write(chunk, ...rest) {
    return super.write(typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk), ...rest);
  }

  _write(chunk, _encoding, done) {
    this.#begin();
    this.#request.write(chunk, done);
  }

  _final(done) {
    this.#begin();
    this.#request.end();
    this.#answered.then(() => done(), done);
  }

  /** Ends an answer that has begun by the error that broke it off. @param {{errorType: string}} error */
  async breakOff(error) {
    this.#request.addTrailers({ 'Lambda-Runtime-Function-Error-Type': encodeURIComponent(error.errorType), 'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(error)).toString('base64') });
    this.#request.end();
    await this.#answered;
    this.destroy();
  }

  #begin() {
    if (this.#request !== undefined) return;
    const { request, answered } = this.#open(this.#contentType);
    this.#request = request;
    this.#answered = answered;
    answered.catch((error) => this.destroy(error));
    if (this.#prelude !== undefined) request.write(this.#prelude);
  }
}
