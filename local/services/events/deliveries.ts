import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { targetInput } from './input.ts';
import type { Rule, Rules, Target } from './rules.ts';
import { deliver } from './targets.ts';

/** An event on its way to a target, as the store keeps it. */
interface Delivery {
  readonly ruleArn: string;
  readonly targetId: string;
  readonly event: object;
  /** ISO. */
  readonly since: string;
}

const principal = 'events.amazonaws.com';
const defaults = { maximumRetryAttempts: 185, maximumEventAgeSeconds: 24 * 3600 };

/** The pause before the first retry; each later one is twice as long, up to the longest. */
const pause = { firstMilliseconds: 1000, longestMilliseconds: 300_000 };

/** Brings events to the targets of rules; what is on its way survives the laptop. */
export class Deliveries {
  readonly #context: LaptopContext;
  readonly #rules: Rules;
  readonly #pending: Collection<Delivery>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(context: LaptopContext, rules: Rules) {
    this.#context = context;
    this.#rules = rules;
    this.#pending = context.store.collection('events', 'delivery');
  }

  /** Sends an event to every target of a rule, without waiting. */
  send(rule: Rule, event: object): void {
    for (const target of rule.properties.Targets ?? []) {
      const id = randomUUID();
      const delivery: Delivery = { ruleArn: rule.arn, targetId: target.Id, event, since: this.#context.clock.now().toISOString() };
      this.#pending.put(id, delivery);
      this.#start(id, delivery);
    }
  }

  /** Goes on with what an earlier laptop left. */
  resume(): void {
    for (const { id, value } of this.#pending.list()) if (!this.#running.has(id)) this.#start(id, value);
  }

  /** Stops delivering. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running.values());
  }

  #start(id: string, delivery: Delivery): void {
    const rule = this.#rules.find(delivery.ruleArn);
    const target = rule?.properties.Targets?.find(({ Id }) => Id === delivery.targetId);
    if (rule === undefined || target === undefined) {
      this.#pending.delete(id);
      return;
    }
    const work = this.#deliver(rule, target, delivery)
      .then(() => this.#pending.delete(id))
      .then(() => undefined, (error: unknown) => {
        if (this.#closing.signal.aborted) return;
        this.#pending.delete(id);
        this.#context.emit({ type: 'notice', message: `The rule ${rule.name} could not reach ${target.Arn}: ${reason(error)}` });
      })
      .finally(() => this.#running.delete(id));
    this.#running.set(id, work);
  }

  async #deliver(rule: Rule, target: Target, { event, since }: Delivery): Promise<void> {
    const { clock } = this.#context;
    const input = targetInput(target, event, { arn: rule.arn, name: rule.name, ingestionTime: new Date(since) });
    const retries = Number(target.RetryPolicy?.MaximumRetryAttempts ?? defaults.maximumRetryAttempts);
    const deadline = Date.parse(since) + Number(target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaults.maximumEventAgeSeconds) * 1000;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await deliver(this.#context, principal, {
          arn: target.Arn,
          input,
          ...(target.RoleArn === undefined ? {} : { roleArn: target.RoleArn }),
          ...(target.SqsParameters?.MessageGroupId === undefined ? {} : { messageGroupId: target.SqsParameters.MessageGroupId }),
        });
        return;
      } catch (error) {
        const over = attempt >= retries || clock.now().getTime() >= deadline || !isTransient(error);
        if (over && target.DeadLetterConfig?.Arn !== undefined) return this.#bury(rule, target, target.DeadLetterConfig.Arn, event, error, attempt);
        if (over) throw error;
        await clock.sleep(Math.min(pause.firstMilliseconds * 2 ** attempt, pause.longestMilliseconds), this.#closing.signal);
      }
    }
  }

  /** Puts an event that could not be delivered into the dead-letter queue, with what EventBridge says of it. */
  async #bury(rule: Rule, target: Target, queueArn: string, event: object, error: unknown, retries: number): Promise<void> {
    const [, , , , accountId, name] = queueArn.split(':');
    const attribute = (StringValue: string, DataType = 'String'): object => ({ DataType, StringValue });
    await this.#context.dispatch({
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        QueueUrl: `${this.#context.endpoint()}/${accountId}/${name}`,
        MessageBody: JSON.stringify(event),
        MessageAttributes: {
          RULE_ARN: attribute(rule.arn),
          TARGET_ARN: attribute(target.Arn),
          ERROR_CODE: attribute(error instanceof AwsError ? error.code : 'INTERNAL_ERROR'),
          ERROR_MESSAGE: attribute(reason(error)),
          RETRY_ATTEMPTS: attribute(String(retries), 'Number'),
        },
      },
      caller: this.#context.identity.service(principal),
    });
  }
}

/** EventBridge tries again what may go well later: throttling, and faults of the target's service. */
function isTransient(error: unknown): boolean {
  return error instanceof AwsError && error.code !== 'NotImplemented' && (error.statusCode >= 500 || error.statusCode === 429 || error.code.includes('Throttl'));
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
