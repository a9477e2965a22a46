/** A topic as it lasts: its ARN is its id. */
export interface TopicRecord {
  readonly arn: string;
  readonly name: string;
  readonly displayName?: string;
  readonly kmsKeyId?: string;
}

/** Where messages of a topic go: its ARN starts with the topic's. */
export interface SubscriptionRecord {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly rawMessageDelivery: boolean;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  readonly filterPolicyScope: FilterScope;
  /** The queue for messages that could not be delivered. */
  readonly deadLetterTargetArn?: string;
  /** Written into the topic's own declaration. */
  readonly inline?: true;
}

/** What a filter policy looks at. */
export type FilterScope = 'MessageAttributes' | 'MessageBody';

/** The ways of delivery that the laptop serves. */
export const protocols = ['lambda', 'sqs', 'http', 'https', 'email', 'email-json'] as const;

/** One of them. */
export type Protocol = (typeof protocols)[number];

/** An attribute as deliveries write it, its binary value in base64. */
export interface MessageAttribute {
  readonly Type: string;
  readonly Value: string;
}

/** What is published: the same for all subscribers, or with a text of its own for some protocols. */
export interface MessageContent {
  readonly subject?: string;
  readonly text: string;
  /** Texts by protocol, where the publisher gave several. */
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/** A published message as one subscriber gets it. */
export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** ISO time. */
  readonly publishedAt: string;
}
