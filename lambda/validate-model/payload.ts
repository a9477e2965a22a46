import * as z from 'zod';
import type { GateVerdict } from '../../model/spec/gate.ts';
import { artifactSchema, datasetSchema, gateSpecsSchema, runSchema, s3UriSchema, splitSpecSchema, splitSummarySchema, trainingJobSchema } from '../shared/payload.ts';

/** What ValidateModel is asked for. */
export const validateModelSchema = z.object({
  run: runSchema,
  artifact: artifactSchema,
  /** The folder of the test split. */
  test: s3UriSchema,
  gates: gateSpecsSchema,
  /** The columns by whose values the model is measured. Absent: the usual ones. */
  sliceColumns: z.array(z.string().min(1)).optional(),
  /** Rows of the training file, as it was validated. */
  fileRows: z.number(),
  /** Rows with a label, by part. */
  rows: z.object({ train: z.number(), validation: z.number(), test: z.number() }),
  /** By what the rows were shared out, and where it cut. */
  split: splitSummarySchema,
  /** The split as it was declared. */
  splitSpec: splitSpecSchema,
  /** `statistics.json` of ValidateData. */
  statistics: s3UriSchema,
  dataset: datasetSchema.required({ sha256: true }),
  trainer: z.string().min(1),
  trainingJob: trainingJobSchema,
  warnings: z.array(z.string()).default([]),
});

/** What ValidateModel answers. */
export interface ValidateModelResult {
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
  readonly passed: boolean;
  /** One line that names each gate that is not met, or all of them, with value, bound and distance. */
  readonly summary: string;
  readonly evaluation: string;
  readonly report: string;
}
