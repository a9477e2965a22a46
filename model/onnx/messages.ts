import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A field of a protobuf message: its value's bytes as they stand, behind tag and length. */
export interface RawField {
  readonly number: number;
  readonly wireType: WireType;
  /** The content of a length-delimited field; of any other its bytes. */
  readonly bytes: Uint8Array;
}

/** A file that is no ONNX model, or one that cannot be composed. */
export class OnnxModelError extends Error {
  override readonly name = 'OnnxModelError';
}

/** The fields of a message in their order. @throws OnnxModelError where the bytes are no message */
export function readFields(message: Uint8Array): RawField[] {
  const reader = new BinaryReader(message);
  const fields: RawField[] = [];
  try {
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      if (wireType === WireType.LengthDelimited) {
        fields.push({ number, wireType, bytes: reader.bytes() });
        continue;
      }
      const start = reader.pos;
      reader.skip(wireType, number);
      fields.push({ number, wireType, bytes: message.subarray(start, reader.pos) });
    }
  } catch (error) {
    throw new OnnxModelError(`The file is no ONNX model: ${(error as Error).message}. It may have been cut off, or be of another format.`, { cause: error });
  }
  return fields;
}

/** The message that has these fields. */
export function writeFields(fields: readonly RawField[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  for (const { number, wireType, bytes } of fields) {
    writer.tag(number, wireType);
    if (wireType === WireType.LengthDelimited) writer.bytes(bytes);
    else writer.raw(bytes);
  }
  return writer.finish();
}

/** A field that holds a message or a text. */
export function delimited(number: number, content: Uint8Array | string): RawField {
  return { number, wireType: WireType.LengthDelimited, bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content };
}

/** The contents of all fields of a number. */
export function contentsOf(fields: readonly RawField[], number: number): Uint8Array[] {
  return fields.filter((field) => field.number === number).map(({ bytes }) => bytes);
}

/** The text of a field; the last one counts, and none is empty. */
export function textOf(fields: readonly RawField[], number: number): string {
  const bytes = contentsOf(fields, number).at(-1);
  return bytes === undefined ? '' : new TextDecoder().decode(bytes);
}

/** The whole number of a field; the last one counts. */
export function integerOf(fields: readonly RawField[], number: number): number | undefined {
  const bytes = contentsOf(fields, number).at(-1);
  return bytes === undefined ? undefined : Number(new BinaryReader(bytes).int64());
}
