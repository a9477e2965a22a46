import * as z from 'zod';
import { artifactSchema, datasetSchema, gateVerdictsSchema, runSchema, s3UriSchema, splitSummarySchema, trainingJobSchema } from '../shared/payload.ts';

/** What RegisterModel is asked for. */
export const registerSchema = z.object({
  run: runSchema,
  artifact: artifactSchema,
  trainer: z.string().min(1),
  task: z.enum(['binary', 'multiclass', 'regression']),
  /** How many classes the model tells apart; 0 unless it is one of several. */
  classes: z.number().int(),
  evaluation: z.object({
    metrics: z.record(z.string(), z.number().nullable()),
    gates: gateVerdictsSchema,
    passed: z.boolean(),
    summary: z.string(),
    evaluation: s3UriSchema,
    report: s3UriSchema,
  }),
  dataset: datasetSchema,
  /** By what its rows were shared out between training, validation and test. */
  split: splitSummarySchema,
  statistics: s3UriSchema,
  constraints: s3UriSchema,
  trainingJob: trainingJobSchema,
});

/** What RegisterModel is asked for. */
export type Registration = z.infer<typeof registerSchema>;

/** What RegisterModel answers. */
export interface RegisterResult {
  readonly modelPackageArn: string;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly sha256: string;
}
