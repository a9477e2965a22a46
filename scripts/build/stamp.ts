import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../lambda/shared/digest.ts';
import { root } from './platform.ts';

/** A file as it was when something was built from it, or written by the build. */
interface Seen {
  readonly size: number;
  readonly modified: number;
  readonly sha256?: string;
}

/** What a build was made from and what it wrote. Where none of it changed, there is nothing to build. */
export interface Stamp {
  /** What else the outcome depends on: versions, the list of handlers. */
  readonly settings: string;
  readonly files: Readonly<Record<string, Seen>>;
}

/** Notes the files' state. The content of our own sources counts, of everything else (node_modules, outputs) size and time. */
export function stampOf(settings: string, files: Iterable<string>): Stamp {
  return { settings, files: Object.fromEntries([...files].map((file) => [path.relative(root, file), seen(file)])) };
}

/** Whether everything is as the stamp says. */
export function isCurrent(stampFile: string, settings: string): boolean {
  if (!existsSync(stampFile)) return false;
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp;
  return stamp.settings === settings && Object.entries(stamp.files).every(([file, before]) => isSame(path.join(root, file), before));
}

/** Keeps a stamp. */
export function writeStamp(stampFile: string, stamp: Stamp): void {
  writeFileSync(stampFile, JSON.stringify(stamp));
}

function seen(file: string): Seen {
  const { size, mtimeMs: modified } = statSync(file);
  return { size, modified, ...(isOwn(file) ? { sha256: sha256(readFileSync(file)) } : {}) };
}

function isSame(file: string, before: Seen): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  if (now === undefined || now.size !== before.size) return false;
  // A checkout changes the times of files that stay the same.
  return now.mtimeMs === before.modified || (before.sha256 !== undefined && sha256(readFileSync(file)) === before.sha256);
}

function isOwn(file: string): boolean {
  const place = path.relative(root, file);
  return !/^(\.\.|node_modules|dist)(\/|$)/.test(place);
}
