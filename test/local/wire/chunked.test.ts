import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AwsChunkedDecoder } from '../../../local/wire/chunked.ts';

async function decode(pieces: readonly Buffer[]): Promise<{ body: Buffer; trailers: Record<string, string> }> {
  const decoder = new AwsChunkedDecoder();
  const body: Buffer[] = [];
  for await (const chunk of Readable.from(pieces).pipe(decoder) as AsyncIterable<Buffer>) body.push(chunk);
  return { body: Buffer.concat(body), trailers: decoder.trailers };
}

function frame(chunks: readonly Uint8Array[], trailers: string): Buffer {
  const framed = chunks.filter((chunk) => chunk.length > 0).map((chunk) => Buffer.concat([Buffer.from(`${chunk.length.toString(16)};chunk-signature=abc\r\n`), chunk, Buffer.from('\r\n')]));
  return Buffer.concat([...framed, Buffer.from(`0;chunk-signature=def\r\n${trailers}`)]);
}

test('any bytes in any chunks, cut anywhere on the way, come out as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }), fc.integer({ min: 1, max: 20 }), async (chunks, step) => {
      const framed = frame(chunks, 'x-amz-checksum-crc32: AAAAAA==\r\n\r\n');
      const pieces = Array.from({ length: Math.ceil(framed.length / step) }, (_, index) => framed.subarray(index * step, (index + 1) * step));
      const { body, trailers } = await decode(pieces);
      expect(body).toEqual(Buffer.concat(chunks));
      expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['a body that ends in the middle of a chunk', 'a\r\nhello', 'ends before its last chunk'],
  ['a size that is no number', 'zz\r\n', 'its size in hexadecimal was expected'],
  ['a chunk longer than its size', '2\r\nhello\r\n0\r\n\r\n', 'longer than the size'],
])('%s is refused', async (_, text, message) => {
  await expect(decode([Buffer.from(text)])).rejects.toThrow(message);
});
