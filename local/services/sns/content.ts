import { AwsError } from '../../core/errors.ts';
import { invalidParameter } from './errors.ts';
import type { MessageAttribute, MessageContent } from './types.ts';

/** A message attribute in the SDK's shape. */
interface AttributeValue {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** What Publish and an entry of PublishBatch have in common. */
export interface PublishInput {
  readonly Message?: string;
  readonly Subject?: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes?: Readonly<Record<string, AttributeValue>>;
}

/** How many bytes a message and its attributes, or those of a batch, may have. */
export const mostBytes = 262_144;

/** Printable ASCII that does not start with a blank; so no line breaks either. */
const subjectPattern = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;

/** Reads what is to be published, and refuses what SNS refuses. */
export function readContent(input: PublishInput): MessageContent {
  const { Message: message = '', Subject: subject, MessageStructure, MessageAttributes = {} } = input;
  if (message === '') throw invalidParameter('Empty message');
  if (subject !== undefined && !subjectPattern.test(subject)) throw invalidParameter(`Subject: expected 1 to 100 printable ASCII characters that start with no blank, found ${subject.length}: ${JSON.stringify(subject.slice(0, 100))}`);
  const bytes = sizeOf(input);
  if (bytes > mostBytes) throw invalidParameter(`Message too long: it has ${bytes} bytes with its attributes, of ${mostBytes}`);
  const texts = readTexts(message, MessageStructure);
  return { text: texts['default'] ?? message, texts, attributes: readAttributes(MessageAttributes), ...(subject !== undefined && { subject }) };
}

/** The bytes of a message with its attributes. */
export function sizeOf({ Message = '', MessageAttributes = {} }: PublishInput): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) => sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + (BinaryValue?.length ?? Buffer.byteLength(StringValue)),
    Buffer.byteLength(Message),
  );
}

/** With `MessageStructure: json` a message is an object of texts by protocol, one of them `default`. */
function readTexts(message: string, structure: string | undefined): Record<string, string> {
  if (structure === undefined) return {};
  if (structure !== 'json') throw invalidParameter(`MessageStructure: expected json, found ${structure}`);
  const texts = Object.fromEntries(Object.entries(readObject(message)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  if (texts['default'] === undefined) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return texts;
}

function readObject(message: string): object {
  try {
    const parsed: unknown = JSON.parse(message);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch (error) {
    throw invalidParameter(`Message Structure - JSON message body failed to parse: ${(error as Error).message}`);
  }
  throw invalidParameter('Message Structure - JSON message body is no object');
}

function readAttributes(attributes: Readonly<Record<string, AttributeValue>>): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { DataType: type = '', StringValue, BinaryValue }]) => {
    if (!/^(String|Number|Binary)(\..+)?$/.test(type)) throw refused(`The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`);
    const value = type.startsWith('Binary') ? BinaryValue && Buffer.from(BinaryValue).toString('base64') : StringValue;
    if (value === undefined || value === '') throw refused(`The message attribute '${name}' must contain a non-empty message attribute value for the message attribute type '${type}'.`);
    if (type.startsWith('Number') && !Number.isFinite(Number(value))) throw refused(`Could not cast message attribute '${name}' value to number.`);
    return [name, { Type: type, Value: value }];
  }));
}

function refused(message: string): AwsError {
  return new AwsError('ParameterValueInvalid', message);
}
