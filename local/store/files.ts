import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes written, not yet kept: a crash before `keep` leaves nothing behind. */
export interface PendingFile {
  readonly size: number;
  readonly md5: string;
  /** Moves the bytes to where they last, and names them. */
  keep(): Promise<string>;
  discard(): Promise<void>;
}

/** Lasting bytes by name, each written aside and moved into place at once: whole after the process's death at any moment (not after a power cut). */
export interface FileStore {
  /** Writes a stream aside, showing each chunk to `observe` (checksums). */
  write(source: Readable | AsyncIterable<Uint8Array>, observe?: (chunk: Buffer) => void): Promise<PendingFile>;
  /** Opens a file, which may then be removed while it is read, and reads all bytes or those from `start` to `end` (both included). */
  read(name: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  path(name: string): string;
  remove(name: string): Promise<void>;
  /** Removes every file that is not `known`: what a crash left between keeping the bytes and naming them. */
  sweep(known: ReadonlySet<string>): void;
}

/** Opens the byte store under a directory and clears what a crash left half-written. */
export function openFiles(directory: string): FileStore {
  const pending = path.join(directory, 'pending');
  rmSync(pending, { recursive: true, force: true });
  mkdirSync(pending, { recursive: true });
  // Two letters of the name as a folder: no directory grows to a million entries.
  const locate = (name: string) => path.join(directory, name.slice(0, 2), name);

  return {
    async write(source, observe) {
      const name = randomUUID();
      const aside = path.join(pending, name);
      const md5 = createHash('md5');
      let size = 0;
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          size += chunk.length;
          md5.update(chunk);
          observe?.(chunk);
          done(null, chunk);
        },
      });
      try {
        await pipeline(source, meter, createWriteStream(aside, { highWaterMark: 1024 * 1024 }));
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
      return {
        size,
        md5: md5.digest('hex'),
        async keep() {
          mkdirSync(path.dirname(locate(name)), { recursive: true });
          await rename(aside, locate(name));
          return name;
        },
        discard: () => rm(aside, { force: true }),
      };
    },
    async read(name, range) {
      const handle = await open(locate(name));
      return handle.createReadStream({ ...range, highWaterMark: 256 * 1024 });
    },
    path: locate,
    remove: (name) => rm(locate(name), { force: true }),
    sweep(known) {
      for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
        if (entry.isFile() && !known.has(entry.name)) rmSync(path.join(entry.parentPath, entry.name));
      }
    },
  };
}
