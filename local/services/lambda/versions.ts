import { cpSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { LaptopContext } from '../../core/context.ts';
import type { Collection } from '../../core/store.ts';
import type { FunctionProperties } from './configuration.ts';

/** A version as it was published: code and configuration, whatever becomes of the function since. */
export interface VersionRecord {
  readonly functionName: string;
  readonly version: string;
  readonly properties: FunctionProperties;
  /** Where its code lies: a copy of its own. */
  readonly code: string;
  readonly description: string;
  /** ISO time. */
  readonly publishedAt: string;
  /** The laptop's address at that time, which the configuration may hold. */
  readonly endpoint: string;
  readonly constructPath?: string;
  /** Whether it is to go as soon as no alias leads to it. */
  readonly isDoomed?: boolean;
}

/** What a version is made of. */
export interface VersionSource {
  readonly name: string;
  readonly properties: FunctionProperties;
  readonly code: string;
  readonly constructPath?: string;
}

/** The published versions of all functions, which outlive the laptop. */
export class Versions {
  readonly #context: LaptopContext;
  readonly #records: Collection<VersionRecord>;
  readonly #last: Collection<number>;
  readonly #folder: string;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#records = context.store.collection('lambda', 'published-version');
    this.#last = context.store.collection('lambda', 'last-version');
    this.#folder = path.join(context.stateDirectory, 'lambda', 'versions');
  }

  /**
   * Publishes a function as it is now.
   * @param number the number that it has already. @default - the next one
   */
  publish({ name, properties, code, constructPath }: VersionSource, description: string, number = (this.#last.get(name) ?? 0) + 1): VersionRecord {
    const record: VersionRecord = {
      functionName: name,
      version: String(number),
      properties,
      code: code === '' ? '' : this.#keep(code),
      description,
      publishedAt: this.#context.clock.now().toISOString(),
      endpoint: this.#context.endpoint(),
      ...(constructPath === undefined ? {} : { constructPath }),
    };
    this.#context.store.transaction(() => {
      this.#records.put(key(name, record.version), record);
      this.#last.put(name, Math.max(number, this.#last.get(name) ?? 0));
    });
    return record;
  }

  /** The version, unless there is none of that number. */
  find(functionName: string, version: string): VersionRecord | undefined {
    return this.#records.get(key(functionName, version));
  }

  /** All versions of a function, the oldest first. */
  list(functionName: string): VersionRecord[] {
    return this.#records.list(`${functionName}/`).map(({ value }) => value).sort((left, right) => Number(left.version) - Number(right.version));
  }

  /** Whether a version's code is a copy of this. */
  holds({ code }: VersionRecord, source: string): boolean {
    return code === this.#place(source);
  }

  /** Says that a version is to go as soon as nothing leads to it, or at once where `isFree`. */
  doom(functionName: string, version: string, isFree: boolean): void {
    const record = this.find(functionName, version);
    if (record === undefined) return;
    if (isFree) this.#remove(record);
    else this.#records.put(key(functionName, version), { ...record, isDoomed: true });
  }

  /** Forgets all versions of a function. */
  removeAll(functionName: string): void {
    for (const record of this.list(functionName)) this.#remove(record);
    this.#last.delete(functionName);
  }

  #remove(record: VersionRecord): void {
    this.#records.delete(key(record.functionName, record.version));
    const isShared = this.#records.list().some(({ value }) => value.code === record.code);
    if (!isShared && record.code.startsWith(this.#folder)) rmSync(record.code, { recursive: true, force: true });
  }

  #place(code: string): string {
    return code === '' ? '' : path.join(this.#folder, createHash('sha256').update(code).digest('hex').slice(0, 32));
  }

  /** A copy of the code, since the assembly may be another one tomorrow; blocks of the disk are shared where it can. */
  #keep(code: string): string {
    const target = this.#place(code);
    if (existsSync(target)) return target;
    mkdirSync(this.#folder, { recursive: true });
    const partial = `${target}.partial`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(code, partial, { recursive: true, mode: constants.COPYFILE_FICLONE });
    renameSync(partial, target);
    return target;
  }
}

function key(functionName: string, version: string): string {
  return `${functionName}/${version}`;
}
