import type { LaptopContext } from '../../../core/context.ts';
import type { Collection } from '../../../core/store.ts';
import type { OnlineRecord } from './record.ts';

/** The online store: of each identifier the newest record. */
export class OnlineStore {
  readonly #context: LaptopContext;
  readonly #records: Collection<OnlineRecord>;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#records = context.store.collection('sagemaker', 'feature-record');
  }

  /** Keeps a record whose event is newer than what is there; an older one is history, which this store does not have. */
  put(group: string, identifier: string, record: OnlineRecord): void {
    this.#context.store.transaction(() => {
      const known = this.#records.get(key(group, identifier));
      if (known === undefined || record.eventTime > known.eventTime) this.#records.put(key(group, identifier), record);
    });
  }

  /** The record of an identifier, unless it was deleted or its time is over. */
  get(group: string, identifier: string): OnlineRecord | undefined {
    const record = this.#records.get(key(group, identifier));
    if (record === undefined || record.deleted === true) return undefined;
    return record.expiresAt !== undefined && record.expiresAt <= this.#context.clock.now().getTime() ? undefined : record;
  }

  /** Takes a record out of the store for good, where its event is not newer. */
  remove(group: string, identifier: string, eventTime: number): void {
    const known = this.#records.get(key(group, identifier));
    if (known !== undefined && eventTime >= known.eventTime) this.#records.delete(key(group, identifier));
  }

  /** Forgets all records of a group. */
  clear(group: string): void {
    for (const { id } of this.#records.list(`${group}/`)) this.#records.delete(id);
  }
}

function key(group: string, identifier: string): string {
  return `${group}/${identifier}`;
}
