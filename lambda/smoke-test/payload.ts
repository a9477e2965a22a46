import * as z from 'zod';
import { s3UriSchema } from '../shared/payload.ts';

/** Raw rows of the test split, without the label. */
export const sampleSchema = z.array(z.record(z.string(), z.unknown())).min(1, 'expected at least one row');

/** The version that is tested. */
export const testedModelSchema = z.object({ modelName: z.string().min(1), modelVersion: z.string().min(1) });

/** The version that is tested. */
export type TestedModel = z.infer<typeof testedModelSchema>;

/** What SmokeTest is asked for: rows to predict, or where they lie; without either, a row is made from the model's columns. */
export const smokeTestSchema = z.object({
  model: testedModelSchema,
  /** Whether to ask for this very version, which other requests need not meet yet. */
  byVersion: z.boolean().default(false),
  sample: s3UriSchema.optional(),
  rows: sampleSchema.optional(),
}).refine(({ sample, rows }) => sample === undefined || rows === undefined, { error: 'expected sample or rows, not both' });

/** What SmokeTest answers: one real prediction. */
export interface SmokeTestResult {
  /** The API's base URL. */
  readonly url: string;
  /** The raw row that was sent. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The answer's body. */
  readonly prediction: unknown;
  /** The version that answered. */
  readonly modelVersion: string;
  /** How long the answer took, measured at this end. */
  readonly latencyMs: number;
}

/** What a prediction looks like, as far as the test looks at it. */
export const predictionSchema = z.looseObject({
  prediction: z.unknown(),
  probabilities: z.unknown().optional(),
  modelName: z.string(),
  modelVersion: z.string(),
});

/** A prediction as the API answers it. */
export type Prediction = z.infer<typeof predictionSchema>;

/** What a batch looks like, as far as the test looks at it. */
export const batchSchema = z.looseObject({
  predictions: z.array(z.looseObject({ prediction: z.unknown(), probabilities: z.unknown().optional() })),
  modelVersion: z.string(),
});
