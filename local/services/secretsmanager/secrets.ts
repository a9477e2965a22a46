import { createHash, randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { stages } from './types.ts';
import type { SecretRecord, VersionRecord } from './types.ts';

/** A value as callers give it. */
export interface SecretValue {
  readonly SecretString?: string;
  readonly SecretBinary?: Uint8Array;
}

/** Deprecated versions beyond so many are forgotten. */
const mostDeprecated = 100;

/** The secrets of the laptop. They lie in the laptop's state, which is no safe: secrets of a laptop are its own. */
export class Secrets {
  readonly #context: LaptopContext;
  readonly #records: Collection<SecretRecord>;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#records = context.store.collection('secretsmanager', 'secret');
  }

  /** All secrets, in the order of their names. */
  list(): readonly SecretRecord[] {
    return this.#records.list().map(({ value }) => value);
  }

  /** By name, ARN, or the part of its ARN before the six characters at its end. */
  find(id: string): SecretRecord | undefined {
    if (!id.startsWith('arn:')) return this.#records.get(id);
    return this.list().find(({ arn }) => arn === id || arn.replace(/-[A-Za-z0-9]{6}$/, '') === id);
  }

  /** @throws {AwsError} ResourceNotFoundException, InvalidRequestException for one that is to be deleted */
  get(id: string, deleted = false): SecretRecord {
    const found = this.find(id);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (found.deletedAt !== undefined && !deleted) throw new AwsError('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");
    return found;
  }

  /** Creates a secret. @throws {AwsError} ResourceExistsException */
  create(name: string, settings: Pick<SecretRecord, 'description' | 'kmsKeyId'>): SecretRecord {
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) throw new AwsError('ValidationException', `Invalid name '${name}'. Must be 1 to 512 characters of letters, digits and /_+=.@-`);
    if (this.find(name) !== undefined) throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    const { partition, region, accountId } = this.#context;
    const suffix = createHash('sha256').update(`${accountId}/${region}/${name}`).digest('base64').replace(/[^A-Za-z0-9]/g, '').slice(0, 6);
    const now = this.#now();
    return this.put({ ...settings, arn: `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`, name, versions: [], createdAt: now, changedAt: now });
  }

  /** Writes a secret down. */
  put(record: SecretRecord): SecretRecord {
    this.#records.put(record.name, record);
    return record;
  }

  /** Takes a secret away at once. */
  remove(name: string): void {
    this.#records.delete(name);
  }

  /** The version of an id or of a stage. @throws {AwsError} ResourceNotFoundException */
  version(secret: SecretRecord, id: string | undefined, stage: string | undefined): VersionRecord {
    const wanted = stage ?? (id === undefined ? stages.current : undefined);
    const found = secret.versions.find((version) => (id === undefined || version.id === id) && (wanted === undefined || version.stages.includes(wanted)));
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${id === undefined ? `staging label: ${wanted ?? ''}` : `VersionId: ${id}`}`);
    return found;
  }

  /**
   * Adds a value. The same value under the same id is the same version.
   * @throws {AwsError} ResourceExistsException for another value under the same id
   */
  addVersion(secret: SecretRecord, { SecretString: text, SecretBinary }: SecretValue, id: string = randomUUID(), labels: readonly string[] = [stages.current]): VersionRecord {
    const bytes = SecretBinary && Buffer.from(SecretBinary).toString('base64');
    if ((text === undefined) === (bytes === undefined)) throw new AwsError('InvalidParameterException', "You must provide either SecretString or SecretBinary, and not both.");
    const standing = secret.versions.find((version) => version.id === id);
    if (standing !== undefined && (standing.text !== undefined || standing.bytes !== undefined)) {
      if (standing.text === text && standing.bytes === bytes) return standing;
      throw new AwsError('ResourceExistsException', `A resource with the ID you requested already exists: version ${id} of ${secret.name} has another value.`);
    }
    const version: VersionRecord = { id, ...(text !== undefined && { text }), ...(bytes !== undefined && { bytes }), stages: [], createdAt: this.#now() };
    const versions = [...secret.versions.filter((other) => other.id !== id), version];
    this.#label({ ...secret, versions }, labels.map((label) => [label, id]));
    return { ...version, stages: labels };
  }

  /** Moves a label to a version, or takes it away. */
  moveLabel(secret: SecretRecord, label: string, to: string | undefined): SecretRecord {
    return this.#label(secret, [[label, to]]);
  }

  /** Each label stands on one version; the one that loses AWSCURRENT becomes AWSPREVIOUS. */
  #label(secret: SecretRecord, moves: readonly (readonly [string, string | undefined])[]): SecretRecord {
    let { versions } = secret;
    const move = (label: string, to: string | undefined): void => {
      versions = versions.map((version) => ({ ...version, stages: [...version.stages.filter((stage) => stage !== label), ...(version.id === to ? [label] : [])] }));
    };
    for (const [label, to] of moves) {
      const before = versions.find((version) => version.stages.includes(label))?.id;
      move(label, to);
      if (label === stages.current && before !== undefined && before !== to) move(stages.previous, before);
    }
    const deprecated = versions.filter((version) => version.stages.length === 0);
    const forgotten = new Set(deprecated.slice(0, Math.max(0, deprecated.length - mostDeprecated)).map(({ id }) => id));
    return this.put({ ...secret, versions: versions.filter(({ id }) => !forgotten.has(id)), changedAt: this.#now() });
  }

  #now(): string {
    return this.#context.clock.now().toISOString();
  }
}
