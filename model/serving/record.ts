import * as z from 'zod';

/** A model as a record names it: a registered version, and the artifact with the digest that is checked when it is loaded. */
const servedSchema = z.object({
  modelPackageArn: z.string().min(1),
  modelName: z.string().min(1),
  modelVersion: z.string().min(1),
  artifact: z.object({
    bucket: z.string().min(1),
    key: z.string().min(1),
    versionId: z.string().min(1).optional(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hex digits'),
  }),
  /** What it reached on the held-out rows, for those who ask the API about its model. */
  metrics: z.record(z.string(), z.number().nullable()).optional(),
});

/**
 * The deployment record: what a target shall serve. One JSON object per target in the versioned artifact bucket; its versions are the audit trail.
 * It is written as a whole.
 */
export const recordSchema = z.object({
  /** Answers every request that the canary does not. */
  stable: servedSchema,
  /** A second live version and its share of the requests, 0 to 1. With 0 it answers only those who ask for its version. */
  canary: z.object({ model: servedSchema, weight: z.number().min(0).max(1) }).optional(),
  /** The model package that `stable` replaced, so that a step that runs twice still knows it. */
  previous: z.string().nullable().optional(),
  updatedAt: z.string(),
  run: z.string(),
});

/** The deployment record. */
export type DeploymentRecord = z.infer<typeof recordSchema>;

/** The model that a record serves. */
export type ServedModel = DeploymentRecord['stable'];

/** Which part of a record a model serves as. */
export type Role = 'stable' | 'canary';

/** A registered model as a record names it: nothing more of it is kept. */
export function served(model: ServedModel): ServedModel {
  const { bucket, key, versionId, sha256 } = model.artifact;
  return { ...model, artifact: { bucket, key, ...(versionId === undefined ? {} : { versionId }), sha256 } };
}
