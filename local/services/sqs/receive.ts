import { once } from 'node:events';
import type { Clock } from '../../core/context.ts';
import { arrivalOf } from './messages.ts';
import type { Messages, Reception } from './messages.ts';
import type { QueueRecord } from './types.ts';

/** What a receiver asks for, in seconds. */
export interface ReceiveOptions {
  readonly most: number;
  readonly visibilityTimeout: number;
  readonly waitSeconds: number;
}

/** Receives messages, waiting for the first where the receiver asks for that. */
export class Receiver {
  readonly #clock: Clock;
  readonly #messages: Messages;
  readonly #closing = new AbortController();

  constructor(clock: Clock, messages: Messages) {
    this.#clock = clock;
    this.#messages = messages;
  }

  /** Lets every waiting receiver go with nothing. */
  close(): void {
    this.#closing.abort();
  }

  /** Takes messages as soon as there are any, within the time that the receiver waits. */
  async receive(queue: QueueRecord, options: ReceiveOptions, gone: AbortSignal | undefined): Promise<Reception[]> {
    const deadline = this.#now() + options.waitSeconds * 1000;
    const over = AbortSignal.any([this.#closing.signal, ...(gone ? [gone] : [])]);
    for (;;) {
      // Who is not there any more must not take messages from those who are.
      if (over.aborted) return [];
      const taken = this.#messages.take(queue, options.most, options.visibilityTimeout);
      if (taken.length > 0 || this.#now() >= deadline) return taken;
      await this.#change(queue, deadline, over);
    }
  }

  /** Resolves at the next arrival, when a hidden message comes back, at the deadline, or when all is over. */
  async #change(queue: QueueRecord, deadline: number, over: AbortSignal): Promise<void> {
    const changed = new AbortController();
    const signal = AbortSignal.any([over, changed.signal]);
    const until = Math.min(deadline, this.#messages.nextDue(queue) ?? deadline);
    try {
      await Promise.race([once(this.#messages.arrivals, arrivalOf(queue.name), { signal }), this.#clock.sleep(until - this.#now(), signal)]);
    } catch (error) {
      if (!over.aborted) throw error;
    } finally {
      changed.abort();
    }
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
