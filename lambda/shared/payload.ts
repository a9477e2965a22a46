import * as z from 'zod';
import type { CheckSpec } from '../../model/spec/check.ts';
import type { SplitSummary } from '../../model/spec/split-summary.ts';
import type { ColumnSpec, DatasetSpec } from '../../model/spec/dataset.ts';
import type { FeatureSpec } from '../../model/spec/feature.ts';
import type { GateSpec, GateVerdict } from '../../model/spec/gate.ts';
import type { SplitSpec } from '../../model/spec/split.ts';
import { PayloadInvalid } from './errors.ts';

/** A run: one execution of the pipeline's state machine. */
export const runSchema = z.object({ name: z.string().min(1), executionArn: z.string().min(1), startedAt: z.string().optional() });

/** A run, as the state machine sends it. */
export type Run = z.infer<typeof runSchema>;

/** `s3://bucket/key`. */
export const s3UriSchema = z.string().regex(/^s3:\/\/[^/]+\/.+$/s, 'expected s3://bucket/key');

/**
 * The training data: an object in the event's or the starter's version of it, or all objects under a key that ends in `/`.
 * Once validated it has the SHA-256 of the object or, for several, of the manifest that lists them.
 */
export const datasetSchema = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  versionId: z.string().min(1).optional(),
  sha256: z.string().optional(),
  manifest: s3UriSchema.optional(),
});

/** The training data. */
export type Dataset = z.infer<typeof datasetSchema>;

/** A SHA-256 in hex. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hex digits');

/** A model artifact with its digest. */
export const artifactSchema = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  versionId: z.string().min(1).optional(),
  sha256: sha256Schema,
  bytes: z.number().optional(),
});

/** A model artifact with its digest. */
export type Artifact = z.infer<typeof artifactSchema>;

/** A registered model version, as RegisterModel hands it on. */
export const modelSchema = z.object({
  modelPackageArn: z.string().min(1),
  modelName: z.string().min(1),
  modelVersion: z.string().min(1),
  artifact: artifactSchema,
  /** Whether its use is approved, in the registry's words, such as `Approved`. */
  approval: z.string().min(1).optional(),
  /** What it reached on the held-out rows, for those who ask the API about its model. */
  metrics: z.record(z.string(), z.number().nullable()).optional(),
});

/** A registered model version. */
export type RegisteredModel = z.infer<typeof modelSchema>;

/** Declared columns. */
export const columnSpecsSchema: z.ZodType<ColumnSpec[]> = z.array(z.object({
  name: z.string().min(1),
  type: z.enum(['number', 'integer', 'string', 'boolean', 'timestamp']),
  nullable: z.boolean(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  categories: z.array(z.string()).optional(),
})).min(1);

/** The declared dataset. */
export const datasetSpecSchema: z.ZodType<DatasetSpec> = z.object({
  columns: columnSpecsSchema,
  label: z.object({ column: z.string().min(1), kind: z.enum(['above', 'binary', 'category', 'number']), name: z.string(), threshold: z.number().optional() }),
  weight: z.string().min(1).optional(),
});

/** What the data is checked by. */
export const checksSchema: z.ZodType<CheckSpec[]> = z.array(z.object({
  check: z.enum(['rows', 'missingColumns', 'extraColumns', 'types', 'nulls', 'ranges', 'categories', 'duplicates', 'missingLabels', 'constantLabel', 'classBalance', 'classRows', 'leakage', 'drift']),
  level: z.enum(['off', 'warn', 'fail']),
  bound: z.number().optional(),
  columns: z.array(z.string()).optional(),
}));

/** The declared features. */
export const featureSpecsSchema: z.ZodType<FeatureSpec[]> = z.array(z.object({
  name: z.string().min(1),
  column: z.string().min(1),
  transform: z.enum(['numeric', 'hourOfDay', 'dayOfWeek', 'dayOfYear', 'category', 'targetMean']),
})).min(1);

const shares = { train: z.number().gt(0).lt(1), validation: z.number().gt(0).lt(1), test: z.number().gt(0).lt(1) };

/** The declared split. */
export const splitSpecSchema: z.ZodType<SplitSpec> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rowHash'), ...shares }),
  z.object({ kind: z.enum(['time', 'group']), column: z.string().min(1), ...shares }),
]);

const eachPart = <Value extends z.ZodType>(value: Value) => z.object({ train: value, validation: value, test: value });

/** How PrepareData has split the rows. */
export const splitSummarySchema: z.ZodType<SplitSummary> = z.object({
  kind: z.enum(['rowHash', 'time', 'group']),
  column: z.string().min(1).optional(),
  unplacedRows: z.number(),
  times: eachPart(z.object({ from: z.string(), to: z.string() })).optional(),
  groups: eachPart(z.number()).optional(),
});

const boundGate = z.object({
  metric: z.string().min(1),
  comparison: z.enum(['above', 'below']),
  threshold: z.number(),
  inEachSlice: z.object({ column: z.string().min(1), minimumRows: z.number().int().min(1) }).optional(),
});
const championGate = z.object({
  metric: z.string().min(1),
  comparison: z.enum(['notWorseThanChampion', 'betterThanChampion']),
  margin: z.number().min(0),
  confidence: z.number().gt(0.5).lt(1).optional(),
});

/** The declared gates. */
export const gateSpecsSchema: z.ZodType<GateSpec[]> = z.array(z.discriminatedUnion('comparison', [boundGate, championGate]));

const evidence = {
  /** A metric that could not be computed has no value: JSON knows no NaN. */
  value: z.number().nullable().transform((value) => value ?? Number.NaN),
  passed: z.boolean(),
  distance: z.number().optional(),
  deviations: z.number().optional(),
  slice: z.object({ name: z.string(), rows: z.number(), judged: z.number(), missed: z.number() }).optional(),
  champion: z.object({ modelVersion: z.string(), value: z.number(), difference: z.number(), low: z.number(), high: z.number(), confidence: z.number() }).optional(),
  note: z.string().optional(),
};

/** What the gates said. */
export const gateVerdictsSchema: z.ZodType<GateVerdict[]> = z.array(z.discriminatedUnion('comparison', [boundGate.extend(evidence), championGate.extend(evidence)]));

/** The search of hyperparameters that a training job was the best of. */
const tuningSchema = z.object({
  name: z.string().min(1),
  arn: z.string().min(1),
  /** How many training jobs it had. */
  trials: z.number().int(),
  objective: z.object({ metric: z.string().min(1), type: z.enum(['Minimize', 'Maximize']), value: z.number().nullish() }),
});

/** The search of hyperparameters that a training job was the best of. */
export type TuningResult = z.infer<typeof tuningSchema>;

/** The training job as ConvertModel and RegisterModel get it. */
export const trainingJobSchema = z.object({
  name: z.string().min(1),
  arn: z.string().min(1),
  image: z.string().min(1),
  hyperParameters: z.record(z.string(), z.string()),
  /** Where it was one of several. */
  tuning: tuningSchema.optional(),
});

/**
 * Checks a payload.
 * @param where what it is called in the message, such as `payload`.
 * @throws PayloadInvalid that names every field that is wrong.
 */
export function parse<Value>(schema: z.ZodType<Value>, value: unknown, where: string): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`);
  throw new PayloadInvalid(`${problems.join('; ')}.`, { cause: result.error });
}
