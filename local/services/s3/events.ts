import type { LaptopContext } from '../../core/context.ts';
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

/** Delivers the events that were written with their changes: at least once each, in their order. */
export class EventDelivery {
  readonly #context: Pick<LaptopContext, 'dispatch' | 'identity' | 'emit' | 'partition'>;
  readonly #records: S3Records;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(context: Pick<LaptopContext, 'dispatch' | 'identity' | 'emit' | 'partition'>, records: S3Records) {
    this.#context = context;
    this.#records = records;
  }

  /** Starts delivering what is waiting, without making the writer wait. */
  wake(): void {
    this.#again = true;
    this.#running ??= this.#drain().finally(() => (this.#running = undefined));
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      for (const { id, value } of this.#records.events.list()) {
        if (!(await this.#deliver(value))) return;
        this.#records.events.delete(id);
      }
    }
  }

  /** @returns whether the event is done with; one that failed stays for the next time */
  async #deliver({ bucket, detailType, detail, time }: { bucket: string; detailType: string; detail: Record<string, unknown>; time: string }): Promise<boolean> {
    if (!this.#records.buckets.get(bucket)?.notifications.EventBridgeConfiguration) return true;
    const entry = { Source: 'aws.s3', DetailType: detailType, Detail: JSON.stringify(detail), Resources: [`arn:${this.#context.partition}:s3:::${bucket}`], Time: new Date(time) };
    try {
      await this.#context.dispatch({ service: 'events', operation: 'PutEvents', input: { Entries: [entry] }, caller: this.#context.identity.service('s3.amazonaws.com') });
      return true;
    } catch (error) {
      this.#context.emit({ type: 'notice', message: `An event of the bucket ${bucket} could not be delivered and waits: ${(error as Error).message}` });
      return false;
    }
  }
}
