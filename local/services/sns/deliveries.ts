import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { channels, sendToQueue, WebhookRefusal, type Parcel } from './channels.ts';
import type { Topics } from './topics.ts';
import type { Notification, SubscriptionRecord } from './types.ts';

/** A message for one subscriber, as the store keeps it until it is delivered. */
interface Delivery {
  readonly subscriptionArn: string;
  readonly sequence: number;
  readonly notification: Notification;
}

/** The pauses between tries, in milliseconds. AWS goes on for longer; who looks at a laptop would rather know soon. */
const pauses = [1000, 5000];

/** Brings messages to subscribers: to each in their order, each at least once, and those left by an earlier laptop too. */
export class Deliveries {
  readonly #context: LaptopContext;
  readonly #topics: Topics;
  readonly #pending: Collection<Delivery>;
  readonly #counters: Collection<number>;
  readonly #started = new Set<string>();
  /** The last delivery to each subscriber. */
  readonly #tails = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(context: LaptopContext, topics: Topics) {
    this.#context = context;
    this.#topics = topics;
    this.#pending = context.store.collection('sns', 'delivery');
    this.#counters = context.store.collection('sns', 'counter');
  }

  /** Sends a message to a subscriber behind those before it, without waiting. */
  send({ arn }: SubscriptionRecord, notification: Notification): void {
    const sequence = (this.#counters.get('delivery') ?? 0) + 1;
    const id = String(sequence).padStart(15, '0');
    this.#context.store.transaction(() => {
      this.#counters.put('delivery', sequence);
      this.#pending.put(id, { subscriptionArn: arn, sequence, notification });
    });
    this.#start(id, arn);
  }

  /** Goes on with what an earlier laptop left. */
  resume(): void {
    for (const { id, value } of this.#pending.list()) if (!this.#started.has(id)) this.#start(id, value.subscriptionArn);
  }

  /** Stops delivering; what is not done stays in the store. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#tails.values());
  }

  #start(id: string, subscriptionArn: string): void {
    this.#started.add(id);
    const before = this.#tails.get(subscriptionArn) ?? Promise.resolve();
    this.#tails.set(subscriptionArn, before.then(() => this.#run(id)));
  }

  async #run(id: string): Promise<void> {
    const delivery = this.#closing.signal.aborted ? undefined : this.#pending.get(id);
    if (delivery === undefined) return;
    const subscription = this.#topics.subscriptions.get(delivery.subscriptionArn);
    // Whoever unsubscribed in the meantime hears no more.
    if (subscription !== undefined && !(await this.#settle({ subscription, ...delivery }))) return;
    this.#pending.delete(id);
    this.#started.delete(id);
  }

  /** @returns whether the message was delivered or given up; not when the laptop closed over it */
  async #settle(parcel: Parcel): Promise<boolean> {
    try {
      await this.#deliver(parcel);
      this.#tell('NotificationDelivered', parcel);
    } catch (error) {
      if (this.#closing.signal.aborted) return false;
      await this.#giveUp(parcel, error);
      this.#tell('NotificationFailed', parcel);
    }
    return true;
  }

  async #deliver(parcel: Parcel): Promise<void> {
    const { signal } = this.#closing;
    for (const pause of [...pauses, undefined]) {
      try {
        await channels[parcel.subscription.protocol](this.#context, parcel, signal);
        return;
      } catch (error) {
        if (pause === undefined || signal.aborted || !isTransient(error)) throw error;
        await this.#context.clock.sleep(pause, signal);
      }
    }
  }

  /** Puts a message that could not be delivered into the dead-letter queue, if there is one, and says so. */
  async #giveUp(parcel: Parcel, error: unknown): Promise<void> {
    const { endpoint, topicArn, deadLetterTargetArn } = parcel.subscription;
    const what = `A message of ${topicArn} could not be delivered to ${endpoint} (${reason(error)})`;
    try {
      if (deadLetterTargetArn !== undefined) await sendToQueue(this.#context, deadLetterTargetArn, parcel);
      const whereabouts = deadLetterTargetArn === undefined ? 'is only in notifications.jsonl: the subscription has no RedrivePolicy' : `lies in the queue ${deadLetterTargetArn}`;
      this.#context.emit({ type: 'notice', message: `${what}. It ${whereabouts}.` });
    } catch (failure) {
      this.#context.emit({ type: 'notice', message: `${what}, nor put into the queue ${deadLetterTargetArn ?? ''} (${reason(failure)}). It is only in notifications.jsonl.` });
    }
  }

  #tell(name: string, { subscription: { arn, protocol, endpoint }, notification: { messageId } }: Parcel): void {
    this.#context.emit({ type: 'service', service: 'sns', name, detail: { messageId, subscriptionArn: arn, protocol, endpoint } });
  }
}

/** Whether a later try may go well: it may after a fault or throttling on the other side, not after a refusal. */
function isTransient(error: unknown): boolean {
  if (error instanceof WebhookRefusal) return error.status >= 500 || error.status === 429;
  if (error instanceof AwsError) return error.code !== 'NotImplemented' && (error.statusCode >= 500 || error.statusCode === 429);
  return true;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
