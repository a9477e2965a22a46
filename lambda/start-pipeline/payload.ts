import * as z from 'zod';

/** EventBridge's "Object Created" of S3. Its keys are not URL-encoded, unlike those of the classic notifications. */
const objectCreated = z.object({
  source: z.literal('aws.s3'),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: z.string().min(1),
      'version-id': z.string().min(1).optional(),
      etag: z.string().optional(),
    }),
  }),
});

/** An object was written. */
export type ObjectCreated = z.infer<typeof objectCreated>;

const scheduled = z.object({ trigger: z.literal('schedule') });

const manual = z.object({
  trigger: z.literal('manual'),
  dataset: z.object({ key: z.string().min(1), bucket: z.string().min(1).optional(), versionId: z.string().min(1).optional() }),
});

/** The three ways in which a run starts. */
export const startSchema = z.union([objectCreated, scheduled, manual], {
  error: 'expected an "Object Created" event of aws.s3, {"trigger":"schedule"} or {"trigger":"manual","dataset":{"key":..}}',
});

/** What starts a run. */
export type Start = z.infer<typeof startSchema>;

/** The execution's input; a dataset whose key ends in `/` is all objects under it. */
export interface ExecutionInput {
  readonly dataset: { readonly bucket: string; readonly key: string; readonly versionId?: string };
  readonly trigger: 'event' | 'schedule' | 'manual';
}

/** What the handler answers. */
export type StartResult =
  | { readonly started: boolean; readonly executionArn: string; readonly name: string }
  | { readonly started: false; readonly ignored: string };
