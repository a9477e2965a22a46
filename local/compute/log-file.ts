import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A text file that grows line by line; opened when the first line comes. */
export class LogFile {
  readonly path: string;
  #descriptor: number | undefined;

  constructor(file: string) {
    this.path = file;
  }

  /** Appends a line. */
  write(line: string): void {
    if (this.#descriptor === undefined) {
      mkdirSync(path.dirname(this.path), { recursive: true });
      this.#descriptor = openSync(this.path, 'a');
    }
    writeSync(this.#descriptor, `${line}\n`);
  }

  /** Closes the file; a later line opens it again. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
