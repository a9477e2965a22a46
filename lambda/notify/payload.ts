import * as z from 'zod';
import { gateVerdictsSchema, runSchema } from '../shared/payload.ts';

/** What failed, as the state machine's Catch keeps it. */
const failureSchema = z.object({
  state: z.string().min(1),
  error: z.string().min(1),
  cause: z.string().nullable().optional(),
  /** How often the execution had been redriven when it failed. */
  redriveCount: z.number().int().default(0),
});

/** What failed. */
export type Failure = z.infer<typeof failureSchema>;

const success = z.object({
  kind: z.literal('success'),
  run: runSchema,
  rows: z.number(),
  trainer: z.string(),
  metrics: z.record(z.string(), z.number().nullable()),
  gates: gateVerdictsSchema,
  modelPackageArn: z.string(),
  modelName: z.string(),
  modelVersion: z.string(),
  sha256: z.string(),
  endpointUrl: z.string(),
  report: z.string(),
  /** The person's decision, where one was asked for. */
  approval: z.object({ by: z.string().nullable(), at: z.string(), reason: z.string().nullable() }).optional(),
});

/** A new version is served. */
export type Success = z.infer<typeof success>;

const superseded = z.object({
  kind: z.literal('superseded'),
  run: runSchema,
  modelPackageArn: z.string(),
  modelName: z.string(),
  modelVersion: z.string(),
  servedVersion: z.string(),
});

/** A higher version serves production. */
export type Superseded = z.infer<typeof superseded>;

const failed = z.object({
  kind: z.literal('failure'),
  run: runSchema,
  failure: failureSchema,
});

/** EventBridge's "Step Functions Execution Status Change": how timeouts, aborts and runtime errors arrive, which no Catch sees. */
const statusChange = z.object({
  source: z.literal('aws.states'),
  detail: z.object({
    executionArn: z.string().min(1),
    name: z.string().min(1),
    status: z.string().min(1),
    error: z.string().nullable().optional(),
    cause: z.string().nullable().optional(),
    redriveCount: z.number().int().nullable().optional(),
  }),
});

/** Everything that is notified of. */
export const notifySchema = z.union([success, superseded, failed, statusChange], {
  error: 'expected {"kind":"success",..}, {"kind":"superseded",..}, {"kind":"failure",..} or a "Step Functions Execution Status Change" event of aws.states',
});

/** What the handler answers; a failure that was not redriven is thrown again instead. */
export type NotifyResult = { readonly sent: boolean } | { readonly resume: string };
