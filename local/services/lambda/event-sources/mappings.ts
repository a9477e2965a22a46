import type { Collection } from '../../../core/store.ts';
import { AwsError } from '../../../core/errors.ts';
import { Poller } from './poller.ts';
import type { PollerParts } from './poller.ts';
import { isEnabled, type MappingRecord, type MappingSettings } from './types.ts';

/** The event source mappings of the laptop: records that last, and a poller for each that runs. */
export class Mappings {
  readonly #parts: PollerParts;
  readonly #records: Collection<MappingRecord>;
  readonly #pollers = new Map<string, Poller>();
  /** Pollers that were stopped and may still have a batch at work. */
  readonly #stopping = new Set<Promise<void>>();
  #isUp = false;

  constructor(parts: PollerParts) {
    this.#parts = parts;
    this.#records = parts.context.store.collection('lambda', 'event-source');
  }

  /** What the template says; what was changed by the API since stays until the template says something else. */
  declare(id: string, settings: MappingSettings): void {
    const declared = JSON.stringify(settings);
    if (this.#records.get(id)?.declared === declared) this.#run(id);
    else this.put(id, settings, declared);
  }

  /** Creates a mapping, or changes it. */
  put(id: string, settings: MappingSettings, declared = this.#records.get(id)?.declared): MappingRecord {
    const record: MappingRecord = { id, settings, changedAt: this.#parts.context.clock.now().toISOString(), ...(declared !== undefined && { declared }) };
    this.#records.put(id, record);
    this.#halt(id);
    this.#run(id);
    return record;
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(id: string): MappingRecord {
    const found = this.#records.get(id);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, { Type: 'User' });
    return found;
  }

  /** All mappings. */
  list(): MappingRecord[] {
    return this.#records.list().map(({ value }) => value);
  }

  /** Ends a mapping. */
  remove(id: string): void {
    this.#records.delete(id);
    this.#halt(id);
  }

  /** Begins to poll: everything stands. */
  ready(): void {
    this.#isUp = true;
    for (const { id } of this.#records.list()) this.#run(id);
  }

  /** Stops polling; resolves when the batches at work are done. */
  async close(): Promise<void> {
    this.#isUp = false;
    for (const id of [...this.#pollers.keys()]) this.#halt(id);
    await Promise.all(this.#stopping);
  }

  #run(id: string): void {
    const record = this.#records.get(id);
    if (!this.#isUp || record === undefined || !isEnabled(record.settings) || this.#pollers.has(id)) return;
    this.#pollers.set(id, new Poller(this.#parts, record.settings));
  }

  #halt(id: string): void {
    const stopping = this.#pollers.get(id)?.stop();
    this.#pollers.delete(id);
    if (stopping === undefined) return;
    this.#stopping.add(stopping);
    void stopping.finally(() => this.#stopping.delete(stopping));
  }
}
