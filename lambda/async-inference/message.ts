import * as z from 'zod';
import { s3UriSchema } from '../shared/payload.ts';

const inferenceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected up to 64 letters, digits, dots, hyphens and underscores');

/** Printable, as in a header: SageMaker's bounds. */
const header = z.string().max(1024).regex(/^[\x20-\x7e]*$/, 'expected printable ASCII');

const about = {
  /** @default - the id that SQS gave the message */
  InferenceId: inferenceId.optional(),
  ContentType: header.default('application/json'),
  Accept: header.optional(),
  CustomAttributes: header.optional(),
  /** How long after it was sent the request is still worth an answer. */
  RequestTTLSeconds: z.number().int().min(60).max(21_600).optional(),
};

/** A request, in the manner of SageMaker's InvokeEndpointAsync: its input by its location, or in the message itself. */
export const requestSchema = z
  .strictObject({
    ...about,
    InputLocation: s3UriSchema.optional(),
    /** What `POST /invocations` takes. */
    Input: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  })
  .refine(({ InputLocation, Input }) => (InputLocation === undefined) !== (Input === undefined), 'expected either InputLocation, an s3:// URI, or Input, what POST /invocations takes');

/** A request. */
export type AsyncRequest = z.infer<typeof requestSchema>;

/** What the queue hands out. */
export const batchSchema = z.object({
  Records: z.array(z.object({
    messageId: z.string().min(1),
    body: z.string(),
    attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int(), SentTimestamp: z.coerce.number() }),
  })),
});

/** A message of the queue. */
export type QueueMessage = z.infer<typeof batchSchema>['Records'][number];
