import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { InputShape } from './input.ts';
import { checkPattern, matchesPattern } from './pattern.ts';
import { parseSchedule } from './schedule.ts';

/** A target of AWS::Events::Rule, as far as the laptop acts on it. */
export interface Target extends InputShape {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number | string; readonly MaximumEventAgeInSeconds?: number | string };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

/** The properties of AWS::Events::Rule. */
export interface RuleProperties {
  readonly Name?: string;
  readonly Description?: string;
  readonly EventBusName?: string;
  readonly EventPattern?: Readonly<Record<string, unknown>> | string;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly RoleArn?: string;
  readonly Targets?: readonly Target[];
}

/** A rule as it was declared. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly properties: RuleProperties;
  readonly pattern?: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
}

/** The name of the bus that every account has. */
export const defaultBus = 'default';

/** The rules of the laptop, by ARN. */
export class Rules {
  readonly #context: LaptopContext;
  readonly #rules = new Map<string, Rule>();

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /**
   * Takes up a rule, or changes it.
   * @throws when its pattern or schedule cannot be read
   */
  deploy(name: string, properties: RuleProperties): Rule {
    const bus = busName(properties.EventBusName);
    const pattern = typeof properties.EventPattern === 'string' ? (JSON.parse(properties.EventPattern) as Readonly<Record<string, unknown>>) : properties.EventPattern;
    if (pattern !== undefined) checkPattern(pattern);
    if (properties.ScheduleExpression !== undefined) parseSchedule(properties.ScheduleExpression);
    const rule: Rule = { name, arn: this.#arn(name, bus), bus, properties, enabled: (properties.State ?? 'ENABLED') !== 'DISABLED', ...(pattern === undefined ? {} : { pattern }) };
    this.#rules.set(rule.arn, rule);
    return rule;
  }

  /** Takes a rule out of service. */
  remove(arn: string): void {
    this.#rules.delete(arn);
  }

  /** The rule of this ARN, if it still stands. */
  find(arn: string): Rule | undefined {
    return this.#rules.get(arn);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(name: string, bus: string | undefined): Rule {
    const found = this.find(this.#arn(name, busName(bus)));
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${busName(bus)}.`);
    return found;
  }

  /** The rules of a bus, in the order of their names. */
  list(bus?: string): Rule[] {
    return [...this.#rules.values()].filter((rule) => rule.bus === busName(bus)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The enabled rules whose pattern an event fits. */
  matching(bus: string, event: object): Rule[] {
    return this.list(bus).filter(({ enabled, pattern }) => enabled && pattern !== undefined && matchesPattern(pattern, event));
  }

  #arn(name: string, bus: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:events:${region}:${accountId}:rule/${bus === defaultBus ? '' : `${bus}/`}${name}`;
  }
}

/** The name of a bus that is given by name, ARN or not at all. */
export function busName(nameOrArn: string | undefined): string {
  return nameOrArn?.split('/').at(-1) ?? defaultBus;
}
