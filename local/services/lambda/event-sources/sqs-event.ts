import { matchesPattern } from '../../events/pattern.ts';
import type { MappingSettings } from './types.ts';

/** A message as ReceiveMessage answers it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: Uint8Array }>>;
}

/** A message as a function gets it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
}

/** The record that stands for a message in the function's event. */
export function recordOf(message: ReceivedMessage, queueArn: string): SqsRecord & Readonly<Record<string, unknown>> {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { ...(StringValue !== undefined && { stringValue: StringValue }), ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }), stringListValues: [], binaryListValues: [], dataType: DataType },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes) as Record<string, unknown>,
    ...(message.MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}

/** Whether the function is to see a record: one filter that matches is enough. A body that is JSON is looked into. */
export function passesFilters({ FilterCriteria }: MappingSettings, record: SqsRecord): boolean {
  const filters = FilterCriteria?.Filters ?? [];
  if (filters.length === 0) return true;
  const seen = { ...record, body: jsonOr(record.body) };
  return filters.some(({ Pattern = '{}' }) => matchesPattern(JSON.parse(Pattern) as Parameters<typeof matchesPattern>[0], seen));
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * The ids of the messages that a function did not manage, from its answer: none where it says nothing, all where it says nonsense.
 * @param ids the ids of the whole batch
 */
export function failedIds(payload: Buffer, ids: readonly string[]): readonly string[] {
  const answer = jsonOr(payload.toString()) as { batchItemFailures?: unknown } | null;
  const failures = typeof answer === 'object' ? answer?.batchItemFailures : undefined;
  if (failures === undefined || failures === null) return [];
  if (!Array.isArray(failures)) return ids;
  const named = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  return named.every((id) => typeof id === 'string' && ids.includes(id)) ? (named as string[]) : ids;
}
