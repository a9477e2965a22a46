import type { LaptopContext } from '../../core/context.ts';
import { notifyDirectly } from './notifications.ts';
import type { ObjectVersion, S3Records } from './records.ts';

/** Which call an event tells of. */
export interface EventSource {
  /** `PutObject`, `CompleteMultipartUpload`, `CopyObject`, `DeleteObject`. */
  readonly reason: string;
  readonly requestId: string;
  readonly accountId: string;
}

/** The detail of "Object Created", in EventBridge's shape: the key is not URL-encoded there. */
export function objectCreated(version: ObjectVersion, source: EventSource): Record<string, unknown> {
  return { ...common(version, source), object: { ...identity(version), size: version.size, etag: version.etag, sequencer: version.sequence } };
}

/** The detail of "Object Deleted". */
export function objectDeleted(version: ObjectVersion, deletionType: 'Permanently Deleted' | 'Delete Marker Created', source: EventSource): Record<string, unknown> {
  return { ...common(version, source), object: { ...identity(version), ...(version.etag !== '' && { etag: version.etag }), sequencer: version.sequence }, 'deletion-type': deletionType };
}

function common({ bucket }: ObjectVersion, { reason, requestId, accountId }: EventSource): Record<string, unknown> {
  return { version: '0', bucket: { name: bucket }, 'request-id': requestId, requester: accountId, 'source-ip-address': '127.0.0.1', reason };
}

function identity({ key, versionId }: ObjectVersion): Record<string, unknown> {
  return { key, ...(versionId !== 'null' && { 'version-id': versionId }) };
}

type DeliveryContext = Pick<LaptopContext, 'clock' | 'dispatch' | 'identity' | 'emit' | 'partition' | 'region' | 'endpoint'>;

/** How long an event that could not be delivered waits. */
const retryMilliseconds = 1000;

/** Delivers the events that were written with their changes: at least once each, in their order. */
export class EventDelivery {
  readonly #context: DeliveryContext;
  readonly #records: S3Records;
  #last: Promise<void> = Promise.resolve();
  #running = false;
  #again = false;
  readonly #closing = new AbortController();
  /** Events whose failure has been told. */
  readonly #told = new Set<string>();

  constructor(context: DeliveryContext, records: S3Records) {
    this.#context = context;
    this.#records = records;
  }

  /** Starts delivering what is waiting, without making the writer wait. Once closed, events wait for the next start. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#again = true;
    if (!this.#running) this.#last = this.#drain();
  }

  /** Ends the waiting for another try; resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        for (const { id, value } of this.#records.events.list()) {
          if (!(await this.#deliver(id, value))) return this.#retryLater();
          this.#records.events.delete(id);
        }
      }
    } finally {
      this.#running = false;
    }
  }

  #retryLater(): void {
    const later = this.#context.clock.sleep(retryMilliseconds, this.#closing.signal);
    void later.then(
      () => this.wake(),
      // Closed: the event is delivered when the laptop is up again.
      () => undefined,
    );
  }

  /** @returns whether the event is done with; one that failed stays for the next time */
  async #deliver(id: string, { bucket, detailType, detail, time }: { bucket: string; detailType: string; detail: Record<string, unknown>; time: string }): Promise<boolean> {
    const notifications = this.#records.buckets.get(bucket)?.notifications ?? {};
    const entry = { Source: 'aws.s3', DetailType: detailType, Detail: JSON.stringify(detail), Resources: [`arn:${this.#context.partition}:s3:::${bucket}`], Time: new Date(time) };
    try {
      if (notifications.EventBridgeConfiguration) await this.#context.dispatch({ service: 'events', operation: 'PutEvents', input: { Entries: [entry] }, caller: this.#context.identity.service('s3.amazonaws.com') });
      await notifyDirectly(this.#context, notifications, { bucket, detail, time });
      return true;
    } catch (error) {
      if (!this.#told.has(id)) this.#context.emit({ type: 'notice', message: `An event of the bucket ${bucket} could not be delivered and waits: ${(error as Error).message}` });
      this.#told.add(id);
      return false;
    }
  }
}
