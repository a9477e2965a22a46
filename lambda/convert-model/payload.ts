import * as z from 'zod';
import type { FittedFeature } from '../../model/features/fitted.ts';
import type { Task } from '../../model/spec/task.ts';
import { type Artifact, datasetSpecSchema, runSchema, s3UriSchema, trainingJobSchema } from '../shared/payload.ts';

const endedJobSchema = trainingJobSchema.extend({
  status: z.string().min(1),
  secondaryStatus: z.string().min(1),
  maxRuntimeSeconds: z.number(),
});

/** A training job that has ended, and how. */
export type EndedJob = z.infer<typeof endedJobSchema>;

/** What ConvertModel is asked for. */
export const convertSchema = z.object({
  run: runSchema.required({ startedAt: true }),
  /** The S3 URI of the training job's `model.tar.gz`; empty where a job that was stopped wrote none. */
  modelData: z.string(),
  /** `features.json` of PrepareData. */
  features: s3UriSchema,
  /** `label.json` of PrepareData. */
  label: s3UriSchema,
  /** The folder of the test split. */
  test: s3UriSchema,
  schema: datasetSpecSchema,
  /** What the pipeline was told of its models; a run that an older definition started does not say it. */
  declared: z.object({ revision: z.string().min(1).optional() }).optional(),
  trainingJob: endedJobSchema,
});

/** `features.json`. */
export const fittedFeaturesSchema: z.ZodType<FittedFeature[]> = z.array(z.object({
  name: z.string().min(1),
  column: z.string().min(1),
  transform: z.enum(['numeric', 'hourOfDay', 'dayOfWeek', 'dayOfYear', 'category', 'targetMean']),
  encoding: z.array(z.tuple([z.string(), z.number()])).optional(),
}));

/** `label.json`. */
export const preparedLabelSchema = z.object({
  kind: z.enum(['above', 'binary', 'category', 'number']),
  /** In the order of the model's outputs. */
  classes: z.array(z.string()).min(2).optional(),
});

/** What ConvertModel answers. */
export interface ConvertResult {
  readonly artifact: Artifact;
  /** What trained the model: program and version. */
  readonly trainer: string;
  /** Boosting rounds, of trees. */
  readonly rounds?: number;
  readonly task: Task;
  readonly parity: { readonly rows: number; readonly maxDifference: number };
}
