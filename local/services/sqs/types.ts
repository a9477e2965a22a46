/** A queue as it lasts: its name is its id. */
export interface QueueRecord {
  readonly name: string;
  readonly arn: string;
  /** ISO time. */
  readonly createdAt: string;
  readonly settings: QueueSettings;
}

/** How a queue behaves: times in seconds and sizes in bytes, as SQS counts them. */
export interface QueueSettings {
  readonly delaySeconds: number;
  readonly maximumMessageSize: number;
  readonly messageRetentionPeriod: number;
  readonly receiveMessageWaitTimeSeconds: number;
  readonly visibilityTimeout: number;
  readonly redrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

/** An attribute that travels with a message, its binary value in base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with or without a label of the sender's: `Number.float`. */
  readonly type: string;
  readonly value: string;
}

/** What a sender hands over. */
export interface MessageContent {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** `AWSTraceHeader`, the only one there is. */
  readonly systemAttributes: Readonly<Record<string, MessageAttribute>>;
}

/** A message in a queue. */
export interface MessageRecord extends MessageContent {
  readonly messageId: string;
  readonly senderId: string;
  /** Milliseconds, as all times of a message. */
  readonly sentAt: number;
  /** Where it stands in the order in which its queue hands messages out. */
  readonly place: string;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Which reception holds it, or held it last. */
  readonly receipt?: string;
  /** The queue whose receivers failed with it. */
  readonly deadLetterSource?: string;
}
