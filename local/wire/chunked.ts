import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from '../core/errors.ts';

const longestLine = 16 * 1024;

/**
 * Takes aws-chunked framing off a body: `<hex size>[;chunk-signature=..]\r\n<data>\r\n`, a zero
 * chunk, then trailers. The trailers (checksums) stand in `trailers` once the stream has ended.
 */
export class AwsChunkedDecoder extends Transform {
  readonly trailers: Record<string, string> = {};
  #state: 'size' | 'data' | 'data-end' | 'trailers' | 'done' = 'size';
  #remaining = 0;
  #line = '';

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#consume(chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    // The last trailer may end with the body instead of an empty line.
    if (this.#state === 'trailers' && this.#line !== '') this.#takeLine(this.#line);
    const whole = this.#state === 'done' || this.#state === 'trailers';
    done(whole ? null : new AwsError('IncompleteBody', 'The aws-chunked body ends before its last chunk.'));
  }

  #consume(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#state === 'data') {
        const end = Math.min(chunk.length, offset + this.#remaining);
        this.push(chunk.subarray(offset, end));
        this.#remaining -= end - offset;
        offset = end;
        if (this.#remaining === 0) this.#state = 'data-end';
      } else {
        offset = this.#readLine(chunk, offset);
      }
    }
  }

  /** Gathers one line, which may lie across chunks, and returns the offset behind what it took. */
  #readLine(chunk: Buffer, offset: number): number {
    const feed = chunk.indexOf(0x0a, offset);
    const end = feed < 0 ? chunk.length : feed;
    this.#line += chunk.toString('latin1', offset, end);
    if (this.#line.length > longestLine) throw new AwsError('InvalidRequest', 'A line of the aws-chunked framing is too long.');
    if (feed < 0) return chunk.length;
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    this.#takeLine(line);
    return feed + 1;
  }

  #takeLine(line: string): void {
    if (this.#state === 'data-end') {
      if (line !== '') throw new AwsError('InvalidRequest', 'An aws-chunked chunk is longer than the size that it declares.');
      this.#state = 'size';
    } else if (this.#state === 'size') {
      this.#startChunk(line);
    } else if (line === '') {
      this.#state = 'done';
    } else {
      const colon = line.indexOf(':');
      this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }

  #startChunk(line: string): void {
    const size = line.split(';', 1)[0] ?? '';
    if (!/^[0-9a-fA-F]+$/.test(size)) throw new AwsError('InvalidRequest', `An aws-chunked chunk starts with "${line.slice(0, 40)}" where its size in hexadecimal was expected.`);
    this.#remaining = Number.parseInt(size, 16);
    this.#state = this.#remaining === 0 ? 'trailers' : 'data';
  }
}
