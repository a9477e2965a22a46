import { createHash } from 'node:crypto';
import { invalidParameter } from './errors.ts';
import { checkFilterPolicy } from './filter.ts';
import { protocols, type FilterScope, type Protocol, type SubscriptionRecord } from './types.ts';

/** What a subscriber asks for, by a template or by the API. */
export interface SubscriptionWish {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly rawMessageDelivery?: boolean | string | undefined;
  /** An object, or JSON. */
  readonly filterPolicy?: unknown;
  readonly filterPolicyScope?: string | undefined;
  /** `{deadLetterTargetArn}`, or JSON of it. */
  readonly redrivePolicy?: unknown;
}

const endpointPatterns: Readonly<Record<Protocol, RegExp>> = {
  lambda: /^arn:[^:]+:lambda:[^:]*:\d{12}:function:.+/,
  sqs: /^arn:[^:]+:sqs:[^:]*:\d{12}:.+/,
  http: /^http:\/\//,
  https: /^https:\/\//,
  email: /^[^\s@]+@[^\s@]+$/,
  'email-json': /^[^\s@]+@[^\s@]+$/,
};

/** Whether the laptop delivers by this protocol. */
export function isServed(protocol: string): protocol is Protocol {
  return (protocols as readonly string[]).includes(protocol);
}

/** Checks a wish and makes the subscription of it. Asked for twice, it is the same one. @throws {AwsError} InvalidParameter */
export function readSubscription(wish: SubscriptionWish): SubscriptionRecord {
  const { topicArn, protocol, endpoint, filterPolicyScope = 'MessageAttributes' } = wish;
  if (!isServed(protocol)) throw invalidParameter(`Protocol: the laptop delivers by ${protocols.join(', ')}, not by ${protocol}`);
  if (!endpointPatterns[protocol].test(endpoint)) throw invalidParameter(`Endpoint: ${JSON.stringify(endpoint)} is none of the protocol ${protocol}`);
  const filterPolicy = readDocument('FilterPolicy', wish.filterPolicy);
  if (filterPolicyScope !== 'MessageAttributes' && filterPolicyScope !== 'MessageBody') throw invalidParameter(`FilterPolicyScope: expected MessageAttributes or MessageBody, found ${filterPolicyScope}`);
  if (filterPolicy) checkFilterPolicy(filterPolicy, filterPolicyScope);
  const deadLetterTargetArn = readDocument('RedrivePolicy', wish.redrivePolicy)?.['deadLetterTargetArn'];
  return {
    arn: `${topicArn}:${identifier([topicArn, protocol, endpoint])}`,
    topicArn,
    protocol,
    endpoint,
    rawMessageDelivery: String(wish.rawMessageDelivery ?? false) === 'true',
    filterPolicyScope,
    ...(filterPolicy && { filterPolicy }),
    ...(typeof deadLetterTargetArn === 'string' && { deadLetterTargetArn }),
  };
}

/** A subscription's attributes as the API names them. */
export function subscriptionAttributes(subscription: SubscriptionRecord, owner: string): Record<string, string> {
  const { arn, topicArn, protocol, endpoint, rawMessageDelivery, filterPolicy, filterPolicyScope, deadLetterTargetArn } = subscription;
  return {
    SubscriptionArn: arn,
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: owner,
    PendingConfirmation: 'false',
    ConfirmationWasAuthenticated: 'true',
    RawMessageDelivery: String(rawMessageDelivery),
    ...(filterPolicy && { FilterPolicy: JSON.stringify(filterPolicy), FilterPolicyScope: filterPolicyScope satisfies FilterScope }),
    ...(deadLetterTargetArn !== undefined && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) }),
  };
}

function readDocument(name: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined) return undefined;
  try {
    const document: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document as Record<string, unknown>;
  } catch (error) {
    throw invalidParameter(`${name}: failed to parse JSON: ${(error as Error).message}`);
  }
  throw invalidParameter(`${name}: expected an object, found ${JSON.stringify(value)}`);
}

/** A UUID that derives from texts. */
function identifier(texts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(texts)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
