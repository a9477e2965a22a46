import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from './errors.ts';
import { reasonOf } from './model-file.ts';

/** A local data file, and what it is called within its dataset. */
export interface LocalFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

/** A dataset on this machine: one file, or several under a name for all of them. */
export interface LocalDataset {
  readonly name: string;
  /** Whether it is one file and no folder. */
  readonly isFile: boolean;
  readonly files: readonly LocalFile[];
}

/**
 * The dataset that files or a folder make. In a folder, names that begin with `_` or `.` are no data.
 * @throws CommandError where there is none, or two files have one name
 */
export async function localDataset(given: readonly string[]): Promise<LocalDataset> {
  const [first = ''] = given;
  if (given.length === 1) {
    const found = await statOf(first);
    if (!found.isDirectory()) return { name: path.basename(first), isFile: true, files: [await localFile(first, path.basename(first))] };
    return { name: path.basename(path.resolve(first)), isFile: false, files: await filesOf(first) };
  }
  const files = await Promise.all(given.map((file) => localFile(file, path.basename(file))));
  const repeated = files.find(({ name }, index) => files.findIndex((other) => other.name === name) < index);
  if (repeated !== undefined) throw new CommandError(`Two files are called ${repeated.name}, expected different names: together they make one dataset.`);
  return { name: 'files', isFile: false, files: files.toSorted(byName) };
}

async function filesOf(folder: string): Promise<LocalFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep));
  const data = names.filter((parts) => !parts.some((part) => /^[_.]/.test(part)));
  if (data.length === 0) throw new CommandError(`${folder} holds no data file (names that begin with _ or . are none), expected at least one.`);
  return (await Promise.all(data.map((parts) => localFile(path.join(folder, ...parts), parts.join('/'))))).toSorted(byName);
}

async function localFile(file: string, name: string): Promise<LocalFile> {
  const found = await statOf(file);
  if (!found.isFile()) throw new CommandError(`${file} is no file, expected CSV, JSON lines or Parquet.`);
  return { path: file, name, bytes: found.size };
}

function statOf(file: string): Promise<Stats> {
  return stat(file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${reasonOf(error)}`);
  });
}

const byName = (a: LocalFile, b: LocalFile): number => (a.name < b.name ? -1 : 1);
