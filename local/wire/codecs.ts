import { XmlCodec } from '@aws-sdk/core/protocols';
import { CborCodec } from '@smithy/core/cbor';
import { FromStringShapeDeserializer, JsonCodec2, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { CodecSettings, SerdeFunctions, TimestampDateTimeSchema, TimestampEpochSecondsSchema } from '@smithy/types';

const dateTimeFormat: TimestampDateTimeSchema = 5;
const epochSecondsFormat: TimestampEpochSecondsSchema = 7;

/** Text to bytes. */
export const textDecoder = (text: string): Uint8Array => Buffer.from(text);
/** Bytes to text. */
export const textEncoder = (data: Uint8Array | string): string => (typeof data === 'string' ? data : Buffer.from(data).toString('utf8'));

/** Node's own base64 and UTF-8: all that the codecs ask of a client's configuration. */
const serde = {
  base64Decoder: (text: string) => Buffer.from(text, 'base64'),
  base64Encoder: (data: Uint8Array | string) => Buffer.from(data as string).toString('base64'),
  utf8Decoder: textDecoder,
  utf8Encoder: textEncoder,
} as unknown as SerdeFunctions;

function withSerde<T extends { setSerdeContext(context: SerdeFunctions): void }>(codec: T): T {
  codec.setSerdeContext(serde);
  return codec;
}

const settings = (format: TimestampDateTimeSchema | TimestampEpochSecondsSchema, httpBindings: boolean): CodecSettings => ({ timestampFormat: { useTrait: true, default: format }, httpBindings });

/** JSON bodies of awsJson. */
export const rpcJson = withSerde(new JsonCodec2({ ...settings(epochSecondsFormat, false), jsonName: false }));
/** JSON bodies of restJson. */
export const restJson = withSerde(new JsonCodec2({ ...settings(epochSecondsFormat, true), jsonName: true }));
/** CBOR bodies of rpcv2. */
export const cbor = withSerde(new CborCodec());

/** XML bodies; `httpBindings` leaves out members that travel as headers. */
export function xmlCodec(xmlNamespace: string, httpBindings: boolean): XmlCodec {
  return withSerde(new XmlCodec({ ...settings(dateTimeFormat, httpBindings), xmlNamespace, serviceNamespace: xmlNamespace }));
}

/** Scalars of awsQuery parameters. */
export const queryScalars = withSerde(new FromStringShapeDeserializer(settings(dateTimeFormat, false)));

/** Scalars in headers, query strings and path labels. */
export const httpReader = withSerde(new FromStringShapeDeserializer(settings(epochSecondsFormat, true)));
const httpWriter = withSerde(new ToStringShapeSerializer(settings(epochSecondsFormat, true)));

/** A header's text for a value. */
export function headerText(schema: NormalizedSchema, value: unknown): string {
  httpWriter.write(schema, value);
  return httpWriter.flush();
}
