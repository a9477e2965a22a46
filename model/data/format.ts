import { open, stat } from 'node:fs/promises';

/** The file formats that training data comes in. */
export type DataFormat = 'csv' | 'parquet';

/** A file that cannot be read as a table at all; the message is a reason for people. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** Rows that no model can be trained on or judged by, such as a split with an empty part. ValidateData refuses most such files before. */
export class UnusableRows extends Error {
  override readonly name = 'UnusableRows';
}

const parquetMagic = 'PAR1';
/** The smallest Parquet file there can be: magic, footer length, magic. */
const smallestParquet = 12;

/** What a file is, by its content first and its name second, and how many bytes it has. @throws UnreadableFile */
export async function examineFile(file: string, declared?: DataFormat): Promise<{ format: DataFormat; bytes: number }> {
  const { size } = await stat(file);
  if (size === 0) throw new UnreadableFile('The file is empty (0 bytes), expected CSV or Parquet with at least a header.');
  const head = await readAt(file, 0, 4);
  const isParquet = head === parquetMagic;
  const format = isParquet ? 'parquet' : (declared ?? formatByName(file));
  if (format === 'csv') return { format, bytes: size };
  if (!isParquet) {
    throw new UnreadableFile(`The file is no Parquet file: it begins with ${JSON.stringify(head)}, expected "${parquetMagic}".`);
  }
  if (size < smallestParquet || (await readAt(file, size - 4, 4)) !== parquetMagic) {
    throw new UnreadableFile(`The Parquet file is truncated: its ${String(size)} bytes do not end with "${parquetMagic}", so the footer is missing. Upload it again.`);
  }
  return { format, bytes: size };
}

function formatByName(file: string): DataFormat {
  return /\.(parquet|pq)$/i.test(file) ? 'parquet' : 'csv';
}

async function readAt(file: string, position: number, length: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
