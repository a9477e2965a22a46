import { copyFileSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

/** Makes real copies of hard-linked files: npm packs a link as an empty entry, and what it installs then lacks the file. */
export function copyHardLinks(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    const { nlink, atime, mtime } = statSync(file);
    if (nlink === 1) continue;
    copyFileSync(file, `${file}.copy`);
    utimesSync(`${file}.copy`, atime, mtime);
    renameSync(`${file}.copy`, file);
  }
}
