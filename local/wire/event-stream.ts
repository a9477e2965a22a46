import { Readable } from 'node:stream';
import { EventStreamMarshaller, EventStreamSerde } from '@smithy/core/event-streams';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { HttpRequest } from '@smithy/types';
import { restJson, textDecoder, textEncoder } from './codecs.ts';

/** What a body of events is called, whatever the operation's output says of its content. */
export const eventStreamType = 'application/vnd.amazon.eventstream';

/**
 * Writes events as the messages that SDK clients read: one at a time, as they come.
 * @param output the operation's output, of which a member is the stream
 */
export function writeEventStream(output: NormalizedSchema, events: AsyncIterable<unknown>): Readable {
  const serde = new EventStreamSerde({
    marshaller: new EventStreamMarshaller({ utf8Encoder: textEncoder, utf8Decoder: textDecoder }),
    serializer: restJson.createSerializer(),
    deserializer: restJson.createDeserializer(),
    defaultContentType: 'application/json',
  });
  // Serialising is asynchronous only in its signature.
  return Readable.from(flatten(serde.serializeEventStream({ eventStream: events, requestSchema: output })), { objectMode: false });
}

async function* flatten(body: Promise<HttpRequest['body']>): AsyncGenerator<Uint8Array> {
  yield* (await body) as AsyncIterable<Uint8Array>;
}
