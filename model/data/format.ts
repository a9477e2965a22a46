import { open, stat } from 'node:fs/promises';
import { readHead } from './formats/compressed.ts';
import type { Compression } from './formats/compressed.ts';
import { holdsJsonLines } from './formats/json-lines.ts';
import { foreignFormat } from './formats/magic.ts';
import { UnreadableFile } from './formats/unreadable.ts';

export { UnreadableFile } from './formats/unreadable.ts';

/** The file formats that training data comes in. */
export type DataFormat = 'csv' | 'jsonl' | 'parquet';

/** Rows that no model can be trained on or judged by, such as a split with an empty part. ValidateData refuses most such files before. */
export class UnusableRows extends Error {
  override readonly name = 'UnusableRows';
}

/** What a file is. */
export interface ExaminedFile {
  readonly format: DataFormat;
  /** How the text is compressed; Parquet compresses itself. */
  readonly compression: Compression;
  /** As the file lies there. */
  readonly bytes: number;
}

const parquetMagic = 'PAR1';
/** The smallest Parquet file there can be: magic, footer length, magic. */
const smallestParquet = 12;

/** What a file is, by its content first and its name second, and how many bytes it has. @throws UnreadableFile */
export async function examineFile(file: string, declared?: DataFormat): Promise<ExaminedFile> {
  const { size } = await stat(file);
  if (size === 0) throw new UnreadableFile('The file is empty (0 bytes), expected CSV, JSON lines or Parquet with at least a header.');
  const { head, compression } = await readHead(file);
  const isParquet = head.toString('latin1', 0, 4) === parquetMagic;
  if (isParquet && compression !== 'none') throw new UnreadableFile(`The file is ${compression}-compressed Parquet, expected plain Parquet: it compresses its columns itself. Upload it unpacked.`);
  const format = isParquet ? 'parquet' : (declared ?? formatByName(file, head));
  if (format !== 'parquet') {
    const foreign = foreignFormat(head);
    if (foreign !== undefined) throw new UnreadableFile(`The file begins like ${foreign}. Expected CSV, JSON lines or Parquet.`);
    if (head.length === 0) throw new UnreadableFile(`The file is empty when it is unpacked (${compression}), expected at least a header.`);
    return { format, compression, bytes: size };
  }
  if (!isParquet) {
    throw new UnreadableFile(`The file is no Parquet file: it begins with ${JSON.stringify(head.toString('latin1', 0, 4))}, expected "${parquetMagic}".`);
  }
  if (size < smallestParquet || (await lastBytes(file, size)) !== parquetMagic) {
    throw new UnreadableFile(`The Parquet file is truncated: its ${String(size)} bytes do not end with "${parquetMagic}", so the footer is missing. Upload it again.`);
  }
  return { format, compression, bytes: size };
}

function formatByName(file: string, head: Buffer): DataFormat {
  if (/\.(parquet|pq)$/i.test(file)) return 'parquet';
  return holdsJsonLines(head, /\.(jsonl|ndjson|json)(\.(gz|zst|zstd))?$/i.test(file)) ? 'jsonl' : 'csv';
}

async function lastBytes(file: string, size: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, size - 4);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
