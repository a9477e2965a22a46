import * as z from 'zod';
import { modelSchema } from './payload.ts';

/** A model that a target serves. */
const servedSchema = modelSchema;

/**
 * The deployment record: which model a target serves. One JSON object per target in the versioned artifact bucket; its versions are the audit trail.
 * Unknown fields (a canary's, a later Slipway's) are kept.
 */
export const recordSchema = z.looseObject({
  stable: servedSchema,
  canary: servedSchema.optional(),
  weight: z.number().min(0).max(1).optional(),
  /** The model package that `stable` replaced, so that a step that runs twice still knows it. */
  previous: z.string().nullable().optional(),
  updatedAt: z.string(),
  run: z.string(),
});

/** The deployment record. */
export type DeploymentRecord = z.infer<typeof recordSchema>;

/** The model that a record serves. */
export type ServedModel = DeploymentRecord['stable'];
