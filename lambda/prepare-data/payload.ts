import * as z from 'zod';
import type { SplitSummary } from '../../model/spec/split-summary.ts';
import { datasetSchema, datasetSpecSchema, featureSpecsSchema, runSchema, splitSpecSchema } from '../shared/payload.ts';

/** What PrepareData is asked for. */
export const prepareSchema = z.object({
  run: runSchema,
  dataset: datasetSchema,
  schema: datasetSpecSchema,
  features: featureSpecsSchema,
  split: splitSpecSchema,
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
