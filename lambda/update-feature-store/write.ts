import type { FeatureRecord } from '../../model/data/newest.ts';
import { inParallel } from '../shared/parallel.ts';
import { FeatureStoreTooSlow } from './errors.ts';

/** The feature group that records are written to. */
export interface RecordStore {
  /** Those of the records that the store has not, or of which it has an older one. */
  missing(records: readonly FeatureRecord[]): Promise<readonly FeatureRecord[]>;
  put(record: FeatureRecord): Promise<void>;
}

/** How fast, and until when. */
export interface WriteBounds {
  readonly writesPerSecond: number;
  /** When the function ends, in milliseconds since 1970. */
  readonly deadline: number;
  readonly clock: { now(): number; sleep(milliseconds: number): Promise<void> };
}

/** What was done. */
export interface Written {
  readonly written: number;
  readonly unchanged: number;
}

/** Records that are compared and written together. */
export const batchSize = 500;

/** Calls under way at a time: at 20 ms a call, 1,600 records a second. */
const concurrency = 32;

/** Handled before the rate is believed: the first calls open connections. */
const warmUpRecords = 2_000;

/** Left for the answer. */
const marginMs = 15_000;

/**
 * Writes what the store has not yet. Each record carries the time of its event, so a step that runs twice changes nothing, and one that
 * died goes on where it was.
 * @param count how many records there are
 * @throws FeatureStoreTooSlow as soon as the rate tells that the time will not do
 */
export async function writeRecords(batches: AsyncIterable<FeatureRecord[]>, count: number, store: RecordStore, { writesPerSecond, deadline, clock }: WriteBounds): Promise<Written> {
  const startedAt = clock.now();
  let handled = 0;
  let written = 0;
  for await (const batch of batches) {
    const missing = await store.missing(batch);
    await inParallel(missing, concurrency, (record) => store.put(record));
    handled += batch.length;
    written += missing.length;
    const early = startedAt + (written / writesPerSecond) * 1000 - clock.now();
    if (early > 0 && handled < count) await clock.sleep(early);
    if (handled >= warmUpRecords && handled < count) checkRate(handled, count, clock.now() - startedAt, deadline - marginMs - clock.now());
  }
  return { written, unchanged: handled - written };
}

function checkRate(handled: number, count: number, elapsedMs: number, leftMs: number): void {
  const neededMs = ((count - handled) / handled) * elapsedMs;
  if (neededMs <= leftMs) return;
  const figure = (value: number): string => Math.round(value).toLocaleString('en-US');
  throw new FeatureStoreTooSlow(
    `${figure(handled)} of ${figure(count)} records took ${figure(elapsedMs / 1000)} s (${figure((handled / elapsedMs) * 1000)} a second); the others need ${figure(neededMs / 1000)} s and have ${figure(Math.max(0, leftMs) / 1000)} s. ` +
      'What is written stays, so a redrive goes on from there. Raise writesPerSecond of the feature group where it is the bound, ask AWS for a higher quota of PutRecord, or give it fewer identifiers.',
  );
}
