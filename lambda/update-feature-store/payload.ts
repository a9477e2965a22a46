import * as z from 'zod';
import type { FeatureGroupSpec } from '../../model/spec/feature-group.ts';
import { datasetSchema, datasetSpecSchema, runSchema } from '../shared/payload.ts';

const groupSchema: z.ZodType<FeatureGroupSpec> = z.object({
  recordIdentifier: z.string().min(1),
  eventTime: z.string().min(1),
  features: z.array(z.object({ column: z.string().min(1), name: z.string().min(1), type: z.enum(['Integral', 'Fractional', 'String']) })).min(2),
});

/** What UpdateFeatureStore is asked for. */
export const updateSchema = z.object({
  run: runSchema,
  dataset: datasetSchema,
  schema: datasetSpecSchema,
  group: groupSchema,
  /** Whether the group has an online store, which tells what is there already. */
  online: z.boolean(),
  maximumRecords: z.number().int().min(1),
  writesPerSecond: z.number().min(1),
});

/** What UpdateFeatureStore answers. */
export interface UpdateResult {
  readonly featureGroup: string;
  /** Identifiers in the data. */
  readonly records: number;
  /** Records that were written. */
  readonly written: number;
  /** Records that the store had already, or newer ones. */
  readonly unchanged: number;
  /** Rows without an identifier or a time. */
  readonly skippedRows: number;
}
