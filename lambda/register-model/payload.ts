import * as z from 'zod';
import type { ModelCardSpec } from '../../model/spec/model-card.ts';
import type { ServingImageSpec } from '../../model/spec/serving-image.ts';
import {
  artifactSchema,
  datasetSchema,
  featureSpecsSchema,
  gateVerdictsSchema,
  runSchema,
  s3UriSchema,
  splitSummarySchema,
  trainingJobSchema,
} from '../shared/payload.ts';

const texts = z.record(z.string(), z.string());

const cardSchema: z.ZodType<ModelCardSpec> = z.object({
  creator: z.string().optional(),
  intendedUses: texts.optional(),
  businessDetails: texts.optional(),
  additionalInformation: texts.optional(),
});

const servingSchema: z.ZodType<ServingImageSpec> = z.object({
  image: z.string().min(1),
  contentTypes: z.array(z.string().min(1)).min(1),
  responseTypes: z.array(z.string().min(1)).min(1),
  environment: texts.optional(),
});

/** What RegisterModel is asked for. */
export const registerSchema = z.object({
  run: runSchema,
  /** Pending where a person decides. A run that an older definition started does not say it: then nobody has decided either. */
  approvalStatus: z.enum(['Approved', 'PendingManualApproval']).default('PendingManualApproval'),
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
  /** Rows of the data that was validated. */
  fileRows: z.number().int(),
  /** Rows by what they were used for. */
  rows: z.object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() }),
  features: featureSpecsSchema,
  /** By what its rows were shared out between training, validation and test. */
  split: splitSummarySchema,
  statistics: s3UriSchema,
  constraints: s3UriSchema,
  trainingJob: trainingJobSchema,
  /** What the pipeline was told of its models. */
  declared: z.object({
    card: cardSchema,
    /** The revision of the code that declared the pipeline. */
    revision: z.string().min(1).optional(),
    /** The image that serves the model, where it is a container's. */
    serving: servingSchema.optional(),
  }),
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
