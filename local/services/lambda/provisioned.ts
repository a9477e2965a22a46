import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { latest } from './aliases.ts';
import type { Functions } from './functions.ts';

/** How many processes a version or an alias keeps warm. */
export interface ProvisionedRecord {
  readonly functionName: string;
  readonly qualifier: string;
  readonly requested: number;
  /** What the template said when this was last changed by it. */
  readonly declared?: number;
  /** ISO time. */
  readonly changedAt: string;
}

type Status = 'READY' | 'IN_PROGRESS' | 'FAILED';

/** Provisioned concurrency: processes that are initialised before anyone calls. They start when the whole laptop is up. */
export class ProvisionedConcurrency {
  readonly #context: LaptopContext;
  readonly #functions: Functions;
  readonly #records: Collection<ProvisionedRecord>;
  readonly #statuses = new Map<string, Status>();
  readonly #running = new Set<Promise<void>>();
  #isUp = false;

  constructor(context: LaptopContext, functions: Functions) {
    this.#context = context;
    this.#functions = functions;
    this.#records = context.store.collection('lambda', 'provisioned');
    functions.aliases.onChange((name) => this.#apply(name));
  }

  /** What the template says of it; what was changed by the API since stays until the template says something else. */
  declare(functionName: string, qualifier: string, requested: number | undefined): void {
    const id = `${functionName}/${qualifier}`;
    const known = this.#records.get(id);
    if (requested === undefined) {
      if (known?.declared !== undefined) this.remove(functionName, qualifier);
      return;
    }
    if (known?.declared !== requested) this.put(functionName, qualifier, requested, requested);
  }

  /** Keeps so many processes warm. @throws {AwsError} where Lambda would not */
  put(functionName: string, qualifier: string, requested: number, declared = this.find(functionName, qualifier)?.declared): ProvisionedRecord {
    if (qualifier === latest) throw invalid('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
    this.#functions.aliases.resolve(functionName, qualifier);
    const reserved = this.#functions.get(functionName).properties.ReservedConcurrentExecutions;
    const total = this.list(functionName).reduce((sum, record) => sum + (record.qualifier === qualifier ? 0 : record.requested), requested);
    if (reserved !== undefined && total > Number(reserved)) throw invalid(`Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function (${reserved}).`);
    const record: ProvisionedRecord = { functionName, qualifier, requested, changedAt: this.#context.clock.now().toISOString(), ...(declared !== undefined && { declared }) };
    this.#records.put(`${functionName}/${qualifier}`, record);
    this.#apply(functionName);
    return record;
  }

  /** What a version or an alias keeps warm, if it does. */
  find(functionName: string, qualifier: string): ProvisionedRecord | undefined {
    return this.#records.get(`${functionName}/${qualifier}`);
  }

  /** All of a function. */
  list(functionName: string): ProvisionedRecord[] {
    return this.#records.list(`${functionName}/`).map(({ value }) => value);
  }

  /** How far it is. */
  statusOf({ functionName, qualifier }: ProvisionedRecord): Status {
    return this.#statuses.get(`${functionName}/${qualifier}`) ?? 'IN_PROGRESS';
  }

  /** Keeps nothing warm any more. */
  remove(functionName: string, qualifier: string): void {
    this.#records.delete(`${functionName}/${qualifier}`);
    this.#apply(functionName);
  }

  /** Begins to keep warm: everything stands. */
  ready(): void {
    this.#isUp = true;
    for (const name of new Set(this.#records.list().map(({ value }) => value.functionName))) this.#apply(name);
  }

  /** Starts no more; what starts is waited for. */
  async close(): Promise<void> {
    this.#isUp = false;
    await Promise.all(this.#running);
  }

  #apply(functionName: string): void {
    if (!this.#isUp || !this.#functions.list().some(({ name }) => name === functionName)) return;
    const records = this.list(functionName);
    const wanted = new Map<string, number>(this.#functions.versions.list(functionName).map(({ version }) => [version, 0]));
    for (const record of records) for (const [version, count] of this.#shares(record)) wanted.set(version, (wanted.get(version) ?? 0) + count);
    for (const { qualifier } of records) this.#statuses.set(`${functionName}/${qualifier}`, 'IN_PROGRESS');
    const work = Promise.all([...wanted].map(([version, count]) => this.#keep(functionName, version, count))).then((all) => {
      for (const { qualifier } of records) this.#statuses.set(`${functionName}/${qualifier}`, all.every(Boolean) ? 'READY' : 'FAILED');
    });
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  /** An alias keeps its versions warm by their shares. */
  #shares({ functionName, qualifier, requested }: ProvisionedRecord): [version: string, count: number][] {
    const alias = this.#functions.aliases.find(functionName, qualifier);
    if (alias === undefined) return [[qualifier, requested]];
    const further = Object.entries(alias.weights).map(([version, weight]): [string, number] => [version, Math.ceil(requested * weight)]);
    const rest = requested - further.reduce((sum, [, count]) => sum + count, 0);
    return [[alias.functionVersion, rest], ...further];
  }

  /** @returns whether so many are warm now */
  async #keep(functionName: string, version: string, count: number): Promise<boolean> {
    // What is not up and not wanted need not come up for this.
    if (count === 0 && !this.#functions.isUp(functionName, version)) return true;
    const { pool } = this.#functions.get(functionName, version);
    return (await pool?.provision(count)) ?? count === 0;
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
