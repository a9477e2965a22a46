import type { LaptopContext } from '../../core/context.ts';
import { checkWrite, type WriteConditions } from './conditions.ts';
import { noSuchBucket, noSuchKey, noSuchVersion } from './errors.ts';
import { objectCreated, objectDeleted, type EventSource } from './events.ts';
import { newVersionId, objectKey, versionKey, versionPrefix, type BucketRecord, type ObjectVersion, type S3Records } from './records.ts';

/** What a new version consists of, before S3 numbers it. */
export type NewVersion = Pick<ObjectVersion, 'key' | 'etag' | 'size' | 'file' | 'metadata' | 'tags' | 'checksums' | 'checksumType' | 'parts'>;

/** What came of a deletion. */
export interface Deletion {
  /** The delete marker written, or the version removed. */
  readonly versionId?: string;
  readonly deleteMarker: boolean;
  /** Files that no version names any more. */
  readonly orphans: readonly string[];
}

/** Which objects there are, in which versions: every change is one transaction, together with its event. */
export class Ledger {
  readonly #context: Pick<LaptopContext, 'store' | 'clock'>;
  readonly #records: S3Records;

  constructor(context: Pick<LaptopContext, 'store' | 'clock'>, records: S3Records) {
    this.#context = context;
    this.#records = records;
  }

  bucket(name: string): BucketRecord {
    const bucket = this.#records.buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  }

  /** The newest version, be it a delete marker. */
  current(bucket: string, key: string): ObjectVersion | undefined {
    return this.#records.current.get(objectKey(bucket, key));
  }

  /** One version by its id, be it a delete marker. */
  version(bucket: string, key: string, versionId: string): ObjectVersion {
    const found = this.#versions(bucket, key).find((version) => version.versionId === versionId);
    if (!found) throw noSuchVersion(key, versionId);
    return found;
  }

  /** Makes a version the current one, if the conditions hold at this moment. */
  add(bucketName: string, content: NewVersion, conditions: WriteConditions, source: EventSource): { version: ObjectVersion; orphans: string[] } {
    return this.#context.store.transaction(() => {
      const bucket = this.bucket(bucketName);
      checkWrite(content.key, this.current(bucketName, content.key), conditions);
      const version: ObjectVersion = { ...content, ...this.#stamp(bucket) };
      const orphans = this.#put(bucket, version);
      this.#record(bucket, version, 'Object Created', objectCreated(version, source));
      return { version, orphans };
    });
  }

  /** Removes one version for good or, without a version id, hides the object as the bucket's versioning says. */
  remove(bucketName: string, key: string, versionId: string | undefined, conditions: WriteConditions, source: EventSource): Deletion {
    return this.#context.store.transaction(() => {
      const bucket = this.bucket(bucketName);
      const current = this.current(bucketName, key);
      if (conditions.IfMatch !== undefined) checkWrite(key, current, conditions);
      if (versionId !== undefined) return this.#removeVersion(bucket, key, versionId, source);
      if (bucket.versioning !== undefined) return this.#mark(bucket, key, source);
      return current ? this.#removeVersion(bucket, key, 'null', source) : { deleteMarker: false, orphans: [] };
    });
  }

  /** Replaces what is kept with a version: its tags. */
  amend(version: ObjectVersion, change: Pick<ObjectVersion, 'tags'>): void {
    const amended = { ...version, ...change };
    this.#context.store.transaction(() => {
      this.#records.versions.put(versionKey(version), amended);
      if (this.current(version.bucket, version.key)?.sequence === version.sequence) this.#records.current.put(objectKey(version.bucket, version.key), amended);
    });
  }

  /** An object for reading: the version asked for or the current one. */
  readable(bucketName: string, key: string, versionId?: string): ObjectVersion {
    this.bucket(bucketName);
    const version = versionId === undefined ? this.current(bucketName, key) : this.version(bucketName, key, versionId);
    if (!version || (version.deleteMarker && versionId === undefined)) throw noSuchKey(key);
    return version;
  }

  #versions(bucket: string, key: string): ObjectVersion[] {
    return this.#records.versions.list(versionPrefix(bucket, key)).flatMap(({ value }) => (value.key === key ? [value] : []));
  }

  #mark(bucket: BucketRecord, key: string, source: EventSource): Deletion {
    const marker: ObjectVersion = { key, deleteMarker: true, etag: '', size: 0, file: '', metadata: {}, tags: {}, checksums: {}, ...this.#stamp(bucket) };
    const orphans = this.#put(bucket, marker);
    this.#record(bucket, marker, 'Object Deleted', objectDeleted(marker, 'Delete Marker Created', source));
    return { versionId: marker.versionId, deleteMarker: true, orphans };
  }

  #removeVersion(bucket: BucketRecord, key: string, versionId: string, source: EventSource): Deletion {
    const version = this.#versions(bucket.name, key).find((candidate) => candidate.versionId === versionId);
    // Deleting what is not there succeeds.
    if (!version) return { versionId, deleteMarker: false, orphans: [] };
    this.#records.versions.delete(versionKey(version));
    const [newest] = this.#versions(bucket.name, key);
    if (newest) this.#records.current.put(objectKey(bucket.name, key), newest);
    else this.#records.current.delete(objectKey(bucket.name, key));
    this.#record(bucket, version, 'Object Deleted', objectDeleted({ ...version, sequence: this.#nextSequence() }, 'Permanently Deleted', source));
    const named = bucket.versioning === undefined ? {} : { versionId };
    return { ...named, deleteMarker: version.deleteMarker === true, orphans: version.file === '' ? [] : [version.file] };
  }

  /** Writes a version as the current one; a `null` version replaces the one before it. */
  #put(bucket: BucketRecord, version: ObjectVersion): string[] {
    const replaced = version.versionId === 'null' ? this.#versions(bucket.name, version.key).filter(({ versionId }) => versionId === 'null') : [];
    for (const old of replaced) this.#records.versions.delete(versionKey(old));
    this.#records.versions.put(versionKey(version), version);
    this.#records.current.put(objectKey(bucket.name, version.key), version);
    return replaced.flatMap(({ file }) => (file === '' ? [] : [file]));
  }

  #record(bucket: BucketRecord, version: ObjectVersion, detailType: string, detail: Record<string, unknown>): void {
    if (Object.keys(bucket.notifications).length === 0) return;
    this.#records.events.put(this.#nextSequence(), { detailType, bucket: bucket.name, detail, time: version.lastModified });
  }

  #stamp(bucket: BucketRecord): Pick<ObjectVersion, 'bucket' | 'versionId' | 'sequence' | 'lastModified'> {
    const sequence = this.#nextSequence();
    const versionId = bucket.versioning === 'Enabled' ? newVersionId(sequence) : 'null';
    return { bucket: bucket.name, versionId, sequence, lastModified: this.#context.clock.now().toISOString() };
  }

  /** A number that follows the time and never goes back, whatever the clock does. */
  #nextSequence(): string {
    const last = BigInt(`0x${this.#records.counters.get('sequence') ?? '0'}`);
    const fromClock = BigInt(this.#context.clock.now().getTime()) << 12n;
    const next = (fromClock > last ? fromClock : last + 1n).toString(16).padStart(16, '0').toUpperCase();
    this.#records.counters.put('sequence', next);
    return next;
  }
}
