/** A topic as it lasts: its ARN is its id. */
export interface TopicRecord {
  readonly arn: string;
  readonly name: string;
  readonly displayName?: string;
  /** The access policy, kept as its document. */
  readonly policy?: unknown;
}

/** Where messages of a topic go. */
export interface SubscriptionRecord {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly rawMessageDelivery: boolean;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody';
  /** The queue for messages that could not be delivered. */
  readonly deadLetterTargetArn?: string;
}

/** The ways of delivery that the laptop serves. */
export const protocols = ['lambda', 'sqs', 'http', 'https', 'email', 'email-json'] as const;

/** One of them. */
export type Protocol = (typeof protocols)[number];
