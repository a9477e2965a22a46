import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { UnreadableFile } from './unreadable.ts';

/** How a text file is compressed, in DuckDB's words. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** The first bytes of a file, unpacked, up to this many. */
export const headBytes = 1_048_576;
const chunkBytes = 1_048_576;

/** The first bytes of a file as its text has them. @throws UnreadableFile where they cannot be unpacked */
export async function readHead(file: string): Promise<{ compression: Compression; head: Buffer }> {
  const compression = await compressionOf(file);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readUnpacked(file, compression)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= headBytes) break;
  }
  return { compression, head: Buffer.concat(chunks).subarray(0, headBytes) };
}

/**
 * The bytes of a file, unpacked, in chunks.
 * A compressed file that ends early is an error here; DuckDB takes the rows up to there for all.
 * @throws UnreadableFile
 */
export async function* readUnpacked(file: string, compression: Compression): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: chunkBytes });
  if (compression === 'none') {
    yield* source as AsyncIterable<Buffer>;
    return;
  }
  const unpack = unpacker(compression);
  // Not `pipeline`: whoever stops reading early must not see it as an error.
  source.on('error', (error) => unpack.destroy(error));
  source.pipe(unpack);
  try {
    yield* unpack as AsyncIterable<Buffer>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // zlib's own errors have names such as Z_DATA_ERROR and ZSTD_error_corruption_detected.
    if (!/^(Z_|ZSTD_)/.test(code ?? '')) throw error;
    const what = code === 'Z_BUF_ERROR' ? 'ends early, it is truncated' : `cannot be unpacked (${message})`;
    throw new UnreadableFile(`The ${compression}-compressed file ${what}. Upload it again.`, { cause: error });
  } finally {
    source.destroy();
    unpack.destroy();
  }
}

function unpacker(compression: Exclude<Compression, 'none'>): Transform {
  if (compression === 'gzip') return zlib.createGunzip({ chunkSize: chunkBytes });
  // Node before 22.15 has no zstd.
  if (typeof (zlib as Partial<typeof zlib>).createZstdDecompress !== 'function') {
    throw new UnreadableFile(`The file is zstd-compressed, which Node ${process.version} cannot unpack, expected Node 22.15 or newer. Compress it with gzip instead.`);
  }
  return zlib.createZstdDecompress({ chunkSize: chunkBytes });
}

async function compressionOf(file: string): Promise<Compression> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    if (start.startsWith('\x1F\x8B')) return 'gzip';
    return start === '\x28\xB5\x2F\xFD' ? 'zstd' : 'none';
  } finally {
    await handle.close();
  }
}
