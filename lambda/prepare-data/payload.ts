import * as z from 'zod';
import { formatOf, type TrainingFormat } from '../../model/spec/training-format.ts';
import type { SplitSummary } from '../../model/spec/split-summary.ts';
import { datasetSchema, datasetSpecSchema, featureSpecsSchema, runSchema, splitSpecSchema } from '../shared/payload.ts';

function formatNamed(contentType: string, context: z.RefinementCtx): TrainingFormat {
  const format = formatOf(contentType);
  if (format !== undefined) return format;
  context.addIssue({ code: 'custom', message: `expected application/x-parquet or text/csv, found ${contentType}` });
  return z.NEVER;
}

/** What PrepareData is asked for. */
export const prepareSchema = z.object({
  run: runSchema,
  dataset: datasetSchema,
  schema: datasetSpecSchema,
  features: featureSpecsSchema,
  split: splitSpecSchema,
  /** How the algorithm reads its channels. */
  training: z.object({ contentType: z.string().transform(formatNamed), parts: z.number().int().min(1) }).transform(({ contentType: format, parts }) => ({ format, parts })),
});

/** What PrepareData answers: the S3 URIs of the folders (ending in `/`) and files that it wrote. */
export interface PrepareResult {
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  /** By what the rows were shared out, and where it cut. */
  readonly split: SplitSummary;
  readonly train: string;
  readonly validation: string;
  readonly test: string;
  readonly features: string;
  /** What the label is, with its classes: `label.json`. */
  readonly label: string;
  /** How many classes the label has; 0 where it has none of its own (binary, a number). */
  readonly classes: number;
  readonly sample: string;
}
