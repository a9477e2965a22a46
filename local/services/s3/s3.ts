import path from 'node:path';
import type { LaptopContext } from '../../core/context.ts';
import { openFiles, type FileStore, type PendingFile } from '../../store/files.ts';
import type { WriteConditions } from './conditions.ts';
import { EventDelivery, type EventSource } from './events.ts';
import { Ledger, type Deletion, type NewVersion } from './ledger.ts';
import { s3Records, type ObjectVersion, type S3Records } from './records.ts';

/** S3's state: records in the store, bytes in files, and the order in which the two change. */
export class S3 {
  readonly context: LaptopContext;
  readonly records: S3Records;
  readonly files: FileStore;
  readonly ledger: Ledger;
  readonly delivery: EventDelivery;

  constructor(context: LaptopContext) {
    this.context = context;
    this.records = s3Records(context.store);
    this.files = openFiles(path.join(context.stateDirectory, 's3'));
    const named = [this.records.versions, this.records.parts].flatMap((documents) => documents.list().map(({ value }) => value.file));
    this.files.sweep(new Set(named));
    this.ledger = new Ledger(context, this.records);
    this.delivery = new EventDelivery(context, this.records);
  }

  /** Keeps the bytes first and then names them, so that no version ever lacks its bytes. */
  async commit(bucket: string, content: Omit<NewVersion, 'file'>, pending: PendingFile, conditions: WriteConditions, source: EventSource): Promise<ObjectVersion> {
    const file = await pending.keep();
    try {
      const { version, orphans } = this.ledger.add(bucket, { ...content, file }, conditions, source);
      await this.#forget(orphans);
      return version;
    } catch (error) {
      await this.files.remove(file);
      throw error;
    } finally {
      this.delivery.wake();
    }
  }

  /** Deletes an object or a version of it. */
  async remove(bucket: string, key: string, versionId: string | undefined, conditions: WriteConditions, source: EventSource): Promise<Deletion> {
    const deletion = this.ledger.remove(bucket, key, versionId, conditions, source);
    await this.#forget(deletion.orphans);
    this.delivery.wake();
    return deletion;
  }

  async #forget(files: readonly string[]): Promise<void> {
    for (const file of files) await this.files.remove(file);
  }
}
