import { createHash } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import { invalidValue } from './errors.ts';
import type { MessageAttribute, MessageContent } from './types.ts';

/** A message attribute in the SDK's shape. */
export interface AttributeValue {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** What SendMessage and an entry of SendMessageBatch have in common. */
export interface SendInput {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, AttributeValue>>;
  readonly MessageSystemAttributes?: Readonly<Record<string, AttributeValue>>;
}

const mostAttributes = 10;
const attributeName = /^(?!\.|aws\.|amazon\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
/** SQS takes the characters that XML 1.0 can hold. */
const allowedText = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

/** Reads what is to be sent, and refuses what SQS refuses. */
export function readContent(input: SendInput): MessageContent {
  const { MessageBody: body = '', MessageAttributes = {}, MessageSystemAttributes = {} } = input;
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (!allowedText.test(body)) throw new AwsError('InvalidMessageContents', 'Invalid characters were found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.');
  const names = Object.keys(MessageAttributes);
  if (names.length > mostAttributes) throw invalidValue('MessageAttributes', names.length, `Number of message attributes must not exceed ${mostAttributes}`);
  return { body, attributes: readAttributes(MessageAttributes), systemAttributes: readAttributes(MessageSystemAttributes) };
}

/** Reads attributes: their binary values become base64, which the store can hold. */
function readAttributes(attributes: Readonly<Record<string, AttributeValue>>): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { DataType: type = '', StringValue, BinaryValue }]) => {
    if (!attributeName.test(name)) throw invalidValue('MessageAttributes', name, 'A name has letters, digits, hyphens, underscores and single dots, and no reserved prefix');
    if (!/^(String|Number|Binary)(\..+)?$/.test(type)) throw invalidValue('MessageAttributes', name, `The type '${type}' must start with Binary, Number or String`);
    const value = isBinary(type) ? BinaryValue && Buffer.from(BinaryValue).toString('base64') : StringValue;
    if (value === undefined || value === '') throw invalidValue('MessageAttributes', name, `The value must be non-empty and of the type '${type}'`);
    if (type.startsWith('Number') && !Number.isFinite(Number(value))) throw invalidValue('MessageAttributes', name, `Could not cast '${value}' to a number`);
    return [name, { type, value }];
  }));
}

/** Attributes in the SDK's shape. */
export function writeAttributes(attributes: Readonly<Record<string, MessageAttribute>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { type, value }]) => [name, { DataType: type, ...(isBinary(type) ? { BinaryValue: Buffer.from(value, 'base64') } : { StringValue: value }) }]));
}

/** The bytes that count against a queue's limit. */
export function sizeOf({ MessageBody = '', MessageAttributes = {} }: SendInput): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) => sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + (BinaryValue?.length ?? Buffer.byteLength(StringValue)),
    Buffer.byteLength(MessageBody),
  );
}

/** MD5 of a body, which every SDK verifies. */
export function digestOfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/** MD5 of attributes, as SQS's guide defines it: by name, each part behind its length, or undefined for none. */
export function digestOfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const { type, value } = attributes[name]!;
    hash.update(prefixed(Buffer.from(name))).update(prefixed(Buffer.from(type))).update(Uint8Array.of(isBinary(type) ? 2 : 1)).update(prefixed(bytesOf(type, value)));
  }
  return hash.digest('hex');
}

function bytesOf(type: string, value: string): Buffer {
  return Buffer.from(value, isBinary(type) ? 'base64' : 'utf8');
}

function prefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function isBinary(type: string): boolean {
  return type.startsWith('Binary');
}
