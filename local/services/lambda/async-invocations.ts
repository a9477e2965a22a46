import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { latest } from './aliases.ts';
import { deliverResult } from './destinations.ts';
import type { Functions } from './functions.ts';
import type { Execution, Invoker } from './invoker.ts';
import type { QueuedEvent } from './queued-event.ts';

/** What AWS::Lambda::EventInvokeConfig says of one function. */
export interface AsyncConfiguration {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

const defaults = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 6 * 3600 };

/** Lambda waits a minute before its first retry and two before the second. */
const retryMilliseconds = 60_000;

/** The pause before an event that met a throttled function is tried again. */
const throttledMilliseconds = 1000;

/** Asynchronous invocations: queued in the store, retried, and at last handed to their destination. */
export class AsyncInvocations {
  readonly #context: LaptopContext;
  readonly #functions: Functions;
  readonly #invoker: Invoker;
  readonly #events: Collection<QueuedEvent>;
  readonly #configurations = new Map<string, AsyncConfiguration>();
  readonly #closing = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  constructor(context: LaptopContext, functions: Functions, invoker: Invoker) {
    this.#context = context;
    this.#functions = functions;
    this.#invoker = invoker;
    this.#events = context.store.collection('lambda', 'event');
  }

  /** Sets how asynchronous invocations of a function, by a qualifier, are treated, or goes back to the defaults. */
  configure(functionName: string, qualifier: string, configuration: AsyncConfiguration | undefined): void {
    if (configuration === undefined) this.#configurations.delete(`${functionName}:${qualifier}`);
    else this.#configurations.set(`${functionName}:${qualifier}`, configuration);
  }

  /** Queues an event; it survives the laptop. */
  add(target: Pick<QueuedEvent, 'functionName' | 'qualifier' | 'requestId'>, payload: Uint8Array): void {
    const event: QueuedEvent = { ...target, payload: Buffer.from(payload).toString(), receivedAt: this.#context.clock.now().toISOString(), attempts: 0 };
    this.#events.put(event.requestId, event);
    this.#start(event);
  }

  /** Goes on with the events that a laptop before this one left. */
  resume(): void {
    for (const { value } of this.#events.list()) if (!this.#running.has(value.requestId)) this.#start(value);
  }

  /** Stops delivering; what is not done stays in the store. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running.values());
  }

  #start(event: QueuedEvent): void {
    const work = this.#deliver(event)
      .catch((error: unknown) => {
        if (this.#closing.signal.aborted) return;
        this.#context.emit({ type: 'notice', message: `An event for ${event.functionName} was lost: ${error instanceof Error ? error.message : String(error)}` });
        this.#events.delete(event.requestId);
      })
      .finally(() => this.#running.delete(event.requestId));
    this.#running.set(event.requestId, work);
  }

  async #deliver(event: QueuedEvent): Promise<void> {
    const { maximumRetryAttempts, maximumEventAgeSeconds, onSuccess, onFailure } = { ...defaults, ...this.#configurations.get(`${event.functionName}:${event.qualifier ?? latest}`) };
    for (let attempt = event.attempts + 1; ; attempt += 1) {
      const outcome = await this.#run(event);
      if (this.#closing.signal.aborted) return;
      const age = this.#context.clock.now().getTime() - Date.parse(event.receivedAt);
      const failed = outcome.functionError !== undefined;
      const expired = age > maximumEventAgeSeconds * 1000;
      if (!failed || attempt > maximumRetryAttempts || expired) {
        const condition = !failed ? 'Success' : expired ? 'EventAgeExceeded' : 'RetriesExhausted';
        await this.#finish(event, outcome, condition, attempt, failed ? onFailure : onSuccess);
        return;
      }
      this.#events.put(event.requestId, { ...event, attempts: attempt });
      await this.#context.clock.sleep(retryMilliseconds * attempt, this.#closing.signal);
    }
  }

  /** Runs the function once; while it is throttled, Lambda keeps the event and tries again. */
  async #run(event: QueuedEvent): Promise<Execution> {
    for (;;) {
      try {
        return await this.#invoker.run(event.functionName, Buffer.from(event.payload), event.requestId, event.qualifier === undefined ? {} : { qualifier: event.qualifier });
      } catch (error) {
        if (!(error instanceof AwsError && error.code === 'TooManyRequestsException')) throw error;
        await this.#context.clock.sleep(throttledMilliseconds, this.#closing.signal);
      }
    }
  }

  async #finish(event: QueuedEvent, outcome: Execution, condition: string, attempts: number, destination: string | undefined): Promise<void> {
    const deployed = this.#functions.get(event.functionName);
    await deliverResult(this.#context, deployed, { event, outcome, condition, attempts, ...(destination === undefined ? {} : { destination }) });
    this.#events.delete(event.requestId);
  }
}
