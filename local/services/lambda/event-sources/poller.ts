import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LaptopContext } from '../../../core/context.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoker.ts';
import { parseFunctionName } from '../name.ts';
import { failedIds, passesFilters, recordOf } from './sqs-event.ts';
import type { ReceivedMessage } from './sqs-event.ts';
import { batchSizeOf, mappingDefaults, windowOf, type MappingSettings } from './types.ts';

/** SQS hands out, and deletes, so many messages at once. */
const mostAtOnce = 10;
/** How long one reception waits for a message. */
const waitSeconds = 20;
/** An event holds so many bytes; a batch that is larger goes in parts. */
const largestEvent = 6 * 1024 * 1024;
/** The pause after a queue that could not be read, or a function that was throttled. */
const pauseMilliseconds = 1000;

/** What a poller works with. */
export interface PollerParts {
  readonly context: LaptopContext;
  readonly functions: Functions;
  readonly invoker: Invoker;
}

/** Takes messages from a queue to a function, batch by batch. What the function does not manage comes back by the queue's visibility timeout. */
export class Poller {
  readonly #parts: PollerParts;
  readonly #settings: MappingSettings;
  readonly #queueArn: string;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #told = new Set<string>();
  readonly #loop: Promise<void>;

  /** Begins to poll. */
  constructor(parts: PollerParts, settings: MappingSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#queueArn = settings.EventSourceArn ?? '';
    this.#loop = this.#poll();
  }

  /** Takes no more messages; resolves when the batches at work are done. */
  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#closing;
    const concurrency = Number(this.#settings.ScalingConfig?.MaximumConcurrency ?? mappingDefaults.concurrency);
    while (!signal.aborted) {
      try {
        const batch = await this.#gather();
        for (const part of this.#inParts(batch)) {
          const work = this.#process(part).finally(() => this.#running.delete(work));
          this.#running.add(work);
          while (this.#running.size >= concurrency) await Promise.race(this.#running);
        }
      } catch (error) {
        if (!signal.aborted) await this.#trouble(error);
      }
    }
  }

  /** Receives until the batch is full, or its window is over since the first message. */
  async #gather(): Promise<ReceivedMessage[]> {
    const { clock } = this.#parts.context;
    const size = batchSizeOf(this.#settings);
    const batch: ReceivedMessage[] = [];
    let deadline: number | undefined;
    while (!this.#closing.signal.aborted) {
      const left = deadline === undefined ? waitSeconds : Math.ceil((deadline - clock.now().getTime()) / 1000);
      batch.push(...(await this.#receive(Math.min(mostAtOnce, size - batch.length), Math.max(0, Math.min(waitSeconds, left)))));
      if (batch.length === 0) {
        // A queue that is closing answers at once: others must come to their turn.
        await nextTurn();
        continue;
      }
      deadline ??= clock.now().getTime() + windowOf(this.#settings) * 1000;
      if (batch.length >= size || clock.now().getTime() >= deadline) break;
    }
    return batch;
  }

  async #receive(most: number, seconds: number): Promise<ReceivedMessage[]> {
    const output = await this.#call('ReceiveMessage', { MaxNumberOfMessages: most, WaitTimeSeconds: seconds, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
    return (output['Messages'] as ReceivedMessage[] | undefined) ?? [];
  }

  /** A batch in parts that fit into an event. */
  #inParts(batch: readonly ReceivedMessage[]): ReceivedMessage[][] {
    const parts: ReceivedMessage[][] = [];
    let bytes = Infinity;
    for (const message of batch) {
      const size = Buffer.byteLength(JSON.stringify(recordOf(message, this.#queueArn)));
      if (bytes + size > largestEvent) {
        parts.push([]);
        bytes = 0;
      }
      bytes += size + 1;
      parts.at(-1)!.push(message);
    }
    return parts;
  }

  async #process(batch: readonly ReceivedMessage[]): Promise<void> {
    try {
      const records = batch.map((message) => recordOf(message, this.#queueArn));
      const wanted = records.filter((record) => passesFilters(this.#settings, record));
      const failed = wanted.length === 0 ? [] : await this.#invoke(wanted);
      await this.#delete(batch.filter(({ MessageId }) => !failed.includes(MessageId)));
    } catch (error) {
      await this.#trouble(error);
    }
  }

  /** @returns the ids of the messages that stay in the queue */
  async #invoke(records: readonly { readonly messageId: string }[]): Promise<readonly string[]> {
    const { name, qualifier } = parseFunctionName(this.#settings.FunctionName);
    const ids = records.map(({ messageId }) => messageId);
    const payload = Buffer.from(JSON.stringify({ Records: records }));
    const { functionError, payload: answer } = await this.#parts.invoker.run(name, payload, randomUUID(), qualifier === undefined ? {} : { qualifier });
    if (functionError !== undefined) return ids;
    return this.#settings.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true ? failedIds(answer, ids) : [];
  }

  async #delete(messages: readonly ReceivedMessage[]): Promise<void> {
    for (let index = 0; index < messages.length; index += mostAtOnce) {
      await this.#call('DeleteMessageBatch', { Entries: messages.slice(index, index + mostAtOnce).map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle })) }, false);
    }
  }

  /** Lambda reads queues under the function's own role. */
  async #call(operation: string, input: Record<string, unknown>, isCutOff = true): Promise<Record<string, unknown>> {
    const { context, functions } = this.#parts;
    const { name, properties } = functions.get(parseFunctionName(this.#settings.FunctionName).name);
    const [, , , , accountId, queueName] = this.#queueArn.split(':');
    return await context.dispatch({
      service: 'sqs',
      operation,
      input: { QueueUrl: `${context.endpoint()}/${accountId}/${queueName}`, ...input },
      caller: context.identity.role(properties.Role, name),
      ...(isCutOff && { signal: this.#closing.signal }),
    });
  }

  /** Says once what is wrong, and lets some time pass. */
  async #trouble(error: unknown): Promise<void> {
    const { context } = this.#parts;
    const message = error instanceof Error ? error.message : String(error);
    if (!this.#told.has(message)) context.emit({ type: 'notice', subject: this.#settings.FunctionName, message: `Messages of ${this.#queueArn} do not reach ${this.#settings.FunctionName}: ${message}` });
    this.#told.add(message);
    await context.clock.sleep(pauseMilliseconds, this.#closing.signal).catch(() => undefined);
  }
}
