import { stat } from 'node:fs/promises';
import path from 'node:path';

/** A file of a dataset, and what people call it. */
export interface DataFile {
  readonly path: string;
  readonly name: string;
}

/** A dataset: one file by its path, or the files in which it is written, each with the same columns. */
export type DataFiles = string | readonly DataFile[];

/** The files, each with its name. */
export function listFiles(files: DataFiles): readonly DataFile[] {
  return typeof files === 'string' ? [{ path: files, name: path.basename(files) }] : files;
}

/** How large the files are together. */
export async function sizeOfFiles(files: DataFiles): Promise<number> {
  let bytes = 0;
  for (const file of listFiles(files)) bytes += (await stat(file.path)).size;
  return bytes;
}
