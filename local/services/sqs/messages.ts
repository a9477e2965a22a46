import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import type { Queues } from './queues.ts';
import type { MessageContent, MessageRecord, QueueRecord } from './types.ts';

/** A message with the handle by which its receiver settles it. */
export interface Reception {
  readonly message: MessageRecord;
  readonly receiptHandle: string;
}

/** How many messages a queue holds, by what can be done with them. */
export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Wide enough for milliseconds and sequence numbers, so that places sort as numbers do. */
const digits = 15;

/** The messages of all queues. They stand in the store, each with a place in the order of when it may be received next. */
export class Messages {
  /** Says under `arrivalOf` that the order of a queue changed. */
  readonly arrivals = new EventEmitter().setMaxListeners(0);
  readonly #context: LaptopContext;
  readonly #queues: Queues;
  readonly #records: Collection<MessageRecord>;
  /** Message ids by place. */
  readonly #order: Collection<string>;
  readonly #counters: Collection<number>;

  constructor(context: LaptopContext, queues: Queues) {
    this.#context = context;
    this.#queues = queues;
    this.#records = context.store.collection('sqs', 'message');
    this.#order = context.store.collection('sqs', 'order');
    this.#counters = context.store.collection('sqs', 'counter');
  }

  /** Puts a message into a queue. */
  send(queue: QueueRecord, content: MessageContent, senderId: string, delaySeconds: number): MessageRecord {
    const sentAt = this.#now();
    return this.#context.store.transaction(() => this.#place(queue, { ...content, messageId: randomUUID(), senderId, sentAt, receiveCount: 0 }, sentAt + delaySeconds * 1000));
  }

  /** Takes what may be received now, hides it from others for a while, and moves what was received too often to the dead-letter queue. */
  take(queue: QueueRecord, most: number, visibilityTimeout: number): Reception[] {
    return this.#context.store.transaction(() => {
      const now = this.#now();
      return this.#due(queue, most, now).map((message) => {
        const receipt = randomUUID();
        const received = { ...message, receipt, receiveCount: message.receiveCount + 1, firstReceivedAt: message.firstReceivedAt ?? now };
        return { message: this.#place(queue, received, now + visibilityTimeout * 1000), receiptHandle: writeHandle(queue, message.messageId, receipt) };
      });
    });
  }

  /** When a message of the queue may be received next, in milliseconds. */
  nextDue({ name }: QueueRecord): number | undefined {
    const [next] = this.#order.page({ prefix: `${name}/`, limit: 1 });
    return next && dueAt(next.id);
  }

  /** Deletes a received message. A handle that a later reception replaced deletes nothing, nor does SQS complain of it. */
  delete(queue: QueueRecord, receiptHandle: string): void {
    const { messageId, receipt } = readHandle(queue, receiptHandle);
    this.#context.store.transaction(() => {
      const message = this.#records.get(`${queue.name}/${messageId}`);
      if (message?.receipt === receipt) this.#drop(queue, message);
    });
  }

  /** Hides a received message for longer, or for no longer. */
  changeVisibility(queue: QueueRecord, receiptHandle: string, seconds: number): void {
    const { messageId, receipt } = readHandle(queue, receiptHandle);
    this.#context.store.transaction(() => {
      const message = this.#records.get(`${queue.name}/${messageId}`);
      const now = this.#now();
      if (message?.receipt !== receipt || dueAt(message.place) <= now) {
        throw new AwsError('MessageNotInflight', `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`);
      }
      this.#place(queue, message, now + seconds * 1000);
    });
  }

  /** Counts a queue's messages. */
  count(queue: QueueRecord): MessageCounts {
    const now = this.#now();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const { value } of this.#records.list(`${queue.name}/`)) {
      if (isExpired(queue, value, now)) continue;
      counts[dueAt(value.place) <= now ? 'visible' : value.receipt === undefined ? 'delayed' : 'inFlight'] += 1;
    }
    return counts;
  }

  /** Deletes every message of a queue. */
  purge(queue: QueueRecord): void {
    this.#context.store.transaction(() => {
      for (const { value } of this.#records.list(`${queue.name}/`)) this.#drop(queue, value);
    });
  }

  /**
   * Moves messages that may be received now to other queues, where each is a new one.
   * @param targetOf the queue that a message goes to
   * @returns how many went; fewer than `most` when no more are there
   */
  move(source: QueueRecord, most: number, targetOf: (message: MessageRecord) => QueueRecord): number {
    return this.#context.store.transaction(() => {
      const now = this.#now();
      const due = this.#due(source, most, now);
      for (const message of due) {
        const target = targetOf(message);
        this.#drop(source, message);
        const { receipt: _, firstReceivedAt: __, deadLetterSource: ___, place: ____, ...content } = message;
        this.#place(target, { ...content, messageId: randomUUID(), receiveCount: 0, sentAt: now }, now);
      }
      return due.length;
    });
  }

  #due(queue: QueueRecord, most: number, now: number): MessageRecord[] {
    const due: MessageRecord[] = [];
    let after = '';
    while (due.length < most) {
      const [next] = this.#order.page({ prefix: `${queue.name}/`, after, limit: 1 });
      if (next === undefined || dueAt(next.id) > now) break;
      after = next.id;
      const message = this.#records.get(`${queue.name}/${next.value}`)!;
      if (isExpired(queue, message, now)) this.#drop(queue, message);
      else if (!this.#moveToDeadLetters(queue, message, now)) due.push(message);
    }
    return due;
  }

  /** @returns whether the message was moved: one without a queue to go to stays */
  #moveToDeadLetters(queue: QueueRecord, message: MessageRecord, now: number): boolean {
    const { redrivePolicy } = queue.settings;
    if (redrivePolicy === undefined || message.receiveCount < redrivePolicy.maxReceiveCount) return false;
    const target = this.#queues.find(redrivePolicy.deadLetterTargetArn.split(':').at(-1) ?? '');
    if (target === undefined) return false;
    this.#drop(queue, message);
    const { receipt: _, firstReceivedAt: __, ...content } = message;
    // It starts anew there, except that its age still counts from when it was sent.
    this.#place(target, { ...content, receiveCount: 0, deadLetterSource: queue.arn }, now);
    this.#context.emit({ type: 'service', service: 'sqs', name: 'MessageMovedToDeadLetterQueue', detail: { messageId: message.messageId, sourceArn: queue.arn, targetArn: target.arn } });
    return true;
  }

  #place({ name }: QueueRecord, message: Omit<MessageRecord, 'place'> & { readonly place?: string }, due: number): MessageRecord {
    const sequence = (this.#counters.get('sequence') ?? 0) + 1;
    this.#counters.put('sequence', sequence);
    if (message.place !== undefined) this.#order.delete(message.place);
    const placed = { ...message, place: `${name}/${String(due).padStart(digits, '0')}/${String(sequence).padStart(digits, '0')}` };
    this.#order.put(placed.place, message.messageId);
    this.#records.put(`${name}/${message.messageId}`, placed);
    this.arrivals.emit(arrivalOf(name));
    return placed;
  }

  #drop({ name }: QueueRecord, { messageId, place }: MessageRecord): void {
    this.#records.delete(`${name}/${messageId}`);
    this.#order.delete(place);
  }

  #now(): number {
    return this.#context.clock.now().getTime();
  }
}

/** The event by which those who wait for a queue's messages hear of a change. */
export function arrivalOf(queueName: string): string {
  return `queue ${queueName}`;
}

function dueAt(place: string): number {
  return Number(place.split('/')[1]);
}

function isExpired({ settings }: QueueRecord, { sentAt }: MessageRecord, now: number): boolean {
  return sentAt + settings.messageRetentionPeriod * 1000 <= now;
}

function writeHandle({ name }: QueueRecord, messageId: string, receipt: string): string {
  return Buffer.from(`${name}/${messageId}/${receipt}`).toString('base64url');
}

function readHandle(queue: QueueRecord, handle: string): { messageId: string; receipt: string } {
  const [name, messageId, receipt] = Buffer.from(handle, 'base64url').toString().split('/');
  if (name !== queue.name || messageId === undefined || receipt === undefined) throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`, 404);
  return { messageId, receipt };
}
