import { checkPattern, matchesPattern } from '../events/pattern.ts';
import { invalidParameter } from './errors.ts';
import type { FilterScope, MessageAttribute, Notification, SubscriptionRecord } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a subscription wants a message. Filter policies have the language of event patterns, and look at attributes or at the text. */
export function accepts({ filterPolicy, filterPolicyScope }: Pick<SubscriptionRecord, 'filterPolicy' | 'filterPolicyScope'>, { text, attributes }: Pick<Notification, 'text' | 'attributes'>): boolean {
  if (filterPolicy === undefined) return true;
  const subject = filterPolicyScope === 'MessageBody' ? parseText(text) : attributeValues(attributes);
  // Nothing at all matches no policy, not even one that asks for a field's absence.
  return subject !== undefined && Object.keys(subject).length > 0 && matchesPattern(filterPolicy, subject);
}

/** @throws {AwsError} InvalidParameter when the policy uses what SNS does not know */
export function checkFilterPolicy(policy: Fields, scope: FilterScope): void {
  try {
    checkPattern(policy);
  } catch (error) {
    throw invalidParameter(`FilterPolicy: ${(error as Error).message}`);
  }
  const nested = Object.keys(policy).find((name) => !Array.isArray(policy[name]));
  if (scope === 'MessageAttributes' && nested !== undefined) throw invalidParameter(`FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy, found "${nested}"`);
}

/** A text that is no JSON object has no fields to match. */
function parseText(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Attributes as values: numbers, lists, and texts. Binary ones cannot be filtered by. */
function attributeValues(attributes: Readonly<Record<string, MessageAttribute>>): Fields {
  return Object.fromEntries(Object.entries(attributes).flatMap(([name, { Type, Value }]) => (Type.startsWith('Binary') ? [] : [[name, attributeValue(Type, Value)]])));
}

function attributeValue(type: string, value: string): unknown {
  if (type.startsWith('Number')) return Number(value);
  return type === 'String.Array' ? parseText(value) : value;
}
