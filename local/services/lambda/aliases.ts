import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import type { Versions } from './versions.ts';

/** The version that is the function as it stands. */
export const latest = '$LATEST';

/** An alias: a name for one version, or for two in shares. */
export interface AliasRecord {
  readonly functionName: string;
  readonly name: string;
  readonly functionVersion: string;
  readonly description: string;
  /** The shares of further versions, 0 to 1; what is left goes to `functionVersion`. */
  readonly weights: Readonly<Record<string, number>>;
  /** Counts the changes. */
  readonly revision: number;
}

/** What of an alias can be said. */
export type AliasSettings = Pick<AliasRecord, 'functionVersion' | 'description' | 'weights'>;

/** The aliases of all functions, which outlive the laptop. */
export class Aliases {
  readonly #records: Collection<AliasRecord>;
  readonly #versions: Versions;
  readonly #arn: (functionName: string) => string;
  readonly #listeners: ((functionName: string) => void)[] = [];

  constructor({ store }: LaptopContext, versions: Versions, arn: (functionName: string) => string) {
    this.#records = store.collection('lambda', 'alias');
    this.#versions = versions;
    this.#arn = arn;
  }

  /** Calls `listener` whenever an alias of a function changed. */
  onChange(listener: (functionName: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Creates an alias, or changes it. @throws {AwsError} for a version that is not there, or shares that make no whole */
  put(functionName: string, name: string, settings: AliasSettings): AliasRecord {
    this.#check(functionName, settings);
    const record = { functionName, name, ...settings, revision: (this.find(functionName, name)?.revision ?? 0) + 1 };
    this.#records.put(`${functionName}/${name}`, record);
    this.#changed(functionName);
    return record;
  }

  /** The alias, unless there is none of that name. */
  find(functionName: string, name: string): AliasRecord | undefined {
    return this.#records.get(`${functionName}/${name}`);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(functionName: string, name: string): AliasRecord {
    const found = this.find(functionName, name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${this.#arn(functionName)}:${name}`, 404, { Type: 'User' });
    return found;
  }

  /** A function's aliases, by name. */
  list(functionName: string): AliasRecord[] {
    return this.#records.list(`${functionName}/`).map(({ value }) => value);
  }

  /** Removes an alias. */
  remove(functionName: string, name: string): void {
    this.#records.delete(`${functionName}/${name}`);
    this.#changed(functionName);
  }

  /**
   * The version that a call by this qualifier is to run, chosen by the alias's shares.
   * @param random between 0 and 1
   * @throws {AwsError} ResourceNotFoundException for a qualifier that is neither a version nor an alias
   */
  resolve(functionName: string, qualifier: string | undefined, random = Math.random()): string {
    if (qualifier === undefined || qualifier === latest) return latest;
    if (/^\d+$/.test(qualifier)) {
      if (this.#versions.find(functionName, qualifier) === undefined) throw this.#noFunction(functionName, qualifier);
      return qualifier;
    }
    const alias = this.find(functionName, qualifier);
    if (alias === undefined) throw this.#noFunction(functionName, qualifier);
    let rest = random;
    for (const [version, weight] of Object.entries(alias.weights)) {
      if (rest < weight) return version;
      rest -= weight;
    }
    return alias.functionVersion;
  }

  /** Whether an alias leads to the version. */
  leadsTo(functionName: string, version: string): boolean {
    return this.list(functionName).some(({ functionVersion, weights }) => functionVersion === version || Object.hasOwn(weights, version));
  }

  #check(functionName: string, { functionVersion, weights }: AliasSettings): void {
    for (const version of [functionVersion, ...Object.keys(weights)]) {
      if (version !== latest && this.#versions.find(functionName, version) === undefined) throw this.#noFunction(functionName, version);
    }
    const shares = Object.entries(weights);
    if (shares.length === 0) return;
    const problem =
      shares.length > 1 ? 'it may name one additional version' : functionVersion === latest || shares[0]![0] === latest ? '$LATEST is not supported for an alias pointing to more than one version' : shares[0]![0] === functionVersion ? 'the additional version is the alias\'s own' : undefined;
    const isShare = shares.every(([, weight]) => weight >= 0 && weight <= 1);
    if (problem !== undefined || !isShare) throw new AwsError('InvalidParameterValueException', `Invalid routing configuration of the alias: ${problem ?? 'a weight is a number from 0 to 1'}.`, 400, { Type: 'User' });
  }

  #changed(functionName: string): void {
    for (const { version, isDoomed } of this.#versions.list(functionName)) {
      if (isDoomed === true && !this.leadsTo(functionName, version)) this.#versions.doom(functionName, version, true);
    }
    for (const listener of this.#listeners) listener(functionName);
  }

  #noFunction(functionName: string, qualifier: string): AwsError {
    return new AwsError('ResourceNotFoundException', `Function not found: ${this.#arn(functionName)}:${qualifier}`, 404, { Type: 'User' });
  }
}
