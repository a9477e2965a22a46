import { readFileSync, statSync } from 'node:fs';
import { AssemblyError } from './template.ts';

/** Reads a JSON file of an assembly; the error names it. */
export function readJson<T>(file: string): T {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new AssemblyError(`${file} is missing from the assembly. Synthesise it again.`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new AssemblyError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
