import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { list } from 'tar';
import { CommandError } from './errors.ts';

/** What SageMaker's built-in XGBoost calls its model, inside `model.tar.gz`. */
const modelName = 'xgboost-model';

/** A model file's bytes: the file itself, or the `xgboost-model` of a `model.tar.gz`. @throws CommandError */
export async function readModelFile(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${reasonOf(error)}`);
  });
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? modelOfArchive(file) : bytes;
}

async function modelOfArchive(file: string): Promise<Uint8Array> {
  const names: string[] = [];
  const chunks: Buffer[] = [];
  try {
    await list({
      file,
      strict: true,
      onReadEntry: (entry) => {
        names.push(entry.path);
        if (path.posix.normalize(entry.path) === modelName && entry.type !== 'Directory') entry.on('data', (chunk) => chunks.push(chunk));
      },
    });
  } catch (error) {
    throw new CommandError(`${file} is no readable tar.gz: ${reasonOf(error)}`);
  }
  if (chunks.length === 0) throw new CommandError(`${file} holds ${names.join(', ') || 'nothing'}, expected a file ${modelName}, as SageMaker's built-in XGBoost saves it.`);
  return Buffer.concat(chunks);
}

/** Why a file could not be read or written, in a few words. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or folder.';
  if (code === 'EISDIR') return 'it is a folder.';
  if (code === 'ENOTDIR') return 'a part of its path is no folder.';
  if (code === 'EACCES') return 'it may not be accessed.';
  return error instanceof Error ? error.message : String(error);
}
