import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Finding } from '../violations.ts';
import { readUnpacked } from './compressed.ts';
import type { Compression } from './compressed.ts';
import { decodeSingleBytes, EncodingDetector } from './encoding.ts';
import type { TextEncoding } from './encoding.ts';
import { UnreadableFile } from './unreadable.ts';

/** A text file that DuckDB can read: UTF-8, plain or compressed. */
export interface TextFile {
  readonly path: string;
  readonly compression: Compression;
  /** Its size when it is unpacked. */
  readonly bytes: number;
  /** What the reader of the report should know about the file. */
  readonly findings: readonly Finding[];
}

/** How a text file is to be opened. */
export interface TextOptions {
  readonly compression: Compression;
  /** What the text may come to when it is unpacked. @default - no bound */
  readonly maximumBytes?: number;
  /** Where a copy may be written. */
  readonly folder: string;
}

/**
 * Reads a text file once from end to end, before anything trusts it: that it can be unpacked, is no larger than allowed, is text, and how it is encoded.
 * What is not UTF-8 is copied as UTF-8.
 * @throws UnreadableFile
 */
export async function openText(file: string, options: TextOptions): Promise<TextFile> {
  const { compression, folder } = options;
  const { encoding, bytes } = await scan(file, options);
  if (encoding === 'utf-8' || encoding === 'mixed') return { path: file, compression, bytes, findings: [] };
  if (encoding === 'unknown') throw new UnreadableFile('The file is neither UTF-8 nor Latin-1 (Windows-1252): save it as UTF-8.');
  const copy = path.join(folder, `${randomUUID()}.txt`);
  await pipeline(Readable.from(decoded(file, compression)), createWriteStream(copy));
  const name = encoding === 'latin-1' ? 'Latin-1' : 'Windows-1252';
  const finding: Finding = { severity: 'warn', check: 'data_type_check', description: `The file is not UTF-8; it was read as ${name}. Save it as UTF-8 to be sure of its letters.` };
  return { path: copy, compression: 'none', bytes, findings: [finding] };
}

async function scan(file: string, { compression, maximumBytes = Infinity }: TextOptions): Promise<{ encoding: TextEncoding; bytes: number }> {
  const detector = new EncodingDetector();
  let bytes = 0;
  for await (const chunk of readUnpacked(file, compression)) {
    bytes += chunk.length;
    if (bytes > maximumBytes) {
      throw new UnreadableFile(`The file has more than ${maximumBytes.toLocaleString('en-US')} bytes when it is unpacked, which is the most expected: raise the pipeline's data bound, which sizes memory and disk.`);
    }
    if (chunk.includes(0)) throw new UnreadableFile('The file is no text: it holds NUL bytes (a binary file, UTF-16, or a copy that broke off), expected UTF-8.');
    detector.add(chunk);
  }
  return { encoding: detector.end(), bytes };
}

async function* decoded(file: string, compression: Compression): AsyncGenerator<string> {
  for await (const chunk of readUnpacked(file, compression)) yield decodeSingleBytes(chunk);
}
