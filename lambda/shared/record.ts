import * as z from 'zod';
import { modelSchema, type RegisteredModel } from './payload.ts';

/**
 * The deployment record: which model a target serves. One JSON object per target in the versioned artifact bucket; its versions are the audit trail.
 * It is written as a whole.
 */
export const recordSchema = z.object({
  stable: modelSchema,
  /** The model package that `stable` replaced, so that a step that runs twice still knows it. */
  previous: z.string().nullable().optional(),
  updatedAt: z.string(),
  run: z.string(),
});

/** The deployment record. */
export type DeploymentRecord = z.infer<typeof recordSchema>;

/** The model that a record serves. */
export type ServedModel = DeploymentRecord['stable'];

/** A model as a record names it. */
export function served(model: RegisteredModel): ServedModel {
  const { bucket, key, versionId, sha256 } = model.artifact;
  return { ...model, artifact: { bucket, key, ...(versionId === undefined ? {} : { versionId }), sha256 } };
}
