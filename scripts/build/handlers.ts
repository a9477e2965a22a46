import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Program } from './bundle.ts';
import { type Arch, root } from './platform.ts';
import { buildPrograms, listFiles, type ProgramsBuild } from './programs.ts';

/** The handlers: the folders of lambda/ with a handler.ts. */
export function handlerNames(): string[] {
  const lambda = path.join(root, 'lambda');
  return readdirSync(lambda).filter((name) => listFiles(path.join(lambda, name)).includes('handler.ts')).sort();
}

/** Builds `<out>/<arch>/<handler>/index.mjs` with the native files that the handler needs beside it, for each architecture. */
export function buildHandlers(out: string, archs: readonly Arch[]): Promise<ProgramsBuild[]> {
  return buildPrograms(out, archs, handlerNames().map((name): Program => ({ name, source: `lambda/${name}/handler.ts`, files: [] })));
}
