import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { noSuchQueue } from './errors.ts';
import type { QueueRecord, QueueSettings } from './types.ts';

/** The queues of the laptop, by name. */
export class Queues {
  readonly #context: LaptopContext;
  readonly #records: Collection<QueueRecord>;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#records = context.store.collection('sqs', 'queue');
  }

  /** Creates a queue, or gives one new settings and leaves its messages. */
  deploy(name: string, settings: QueueSettings): QueueRecord {
    const createdAt = this.#records.get(name)?.createdAt ?? this.#context.clock.now().toISOString();
    const record = { name, arn: this.arn(name), createdAt, settings };
    this.#records.put(name, record);
    return record;
  }

  /** @throws {AwsError} QueueDoesNotExist */
  get(name: string): QueueRecord {
    const found = this.find(name);
    if (found === undefined) throw noSuchQueue();
    return found;
  }

  /** The queue of this name, if there is one. */
  find(name: string): QueueRecord | undefined {
    return this.#records.get(name);
  }

  /** The queue of a URL: its path decides, since the laptop's port may have been another one when the URL was handed out. */
  byUrl(url: string | undefined): QueueRecord {
    if (url === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
    const [, accountId, name, ...rest] = URL.parse(url)?.pathname.split('/') ?? [];
    if (name === undefined || rest.length > 0) throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404);
    if (accountId !== this.#context.accountId) throw noSuchQueue();
    return this.get(name);
  }

  /** The queues whose names start with the prefix, in their order. */
  list(prefix = ''): QueueRecord[] {
    return this.#records.list(prefix).map(({ value }) => value);
  }

  /** Forgets a queue; its messages are another's to remove. */
  remove(name: string): void {
    this.#records.delete(name);
  }

  /** The URL that clients call a queue by. */
  url(name: string): string {
    return `${this.#context.endpoint()}/${this.#context.accountId}/${name}`;
  }

  /** The ARN that a queue of this name has. */
  arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:sqs:${region}:${accountId}:${name}`;
  }
}
