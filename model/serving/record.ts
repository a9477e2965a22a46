import * as z from 'zod';
import { rolloutPlanSchema } from './deployment/plan.ts';

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
  /** Whether its use was approved when it was deployed, in the registry's words, such as `Approved`. */
  approval: z.string().min(1).optional(),
  /** What it reached on the held-out rows, for those who ask the API about its model. */
  metrics: z.record(z.string(), z.number().nullable()).optional(),
});

/** A deployment that is going on: the one that the target's rollout machine brings to its end. */
const rolloutSchema = z.object({
  /** Whose deployment it is: only who names it may advance it or roll it back. */
  id: z.string().min(1),
  plan: rolloutPlanSchema,
  /** How far it is: 0 while the version is tried out, before any request meets it unasked; then the plan's shares in their order. */
  step: z.number().int().min(0),
  startedAt: z.string(),
  /** When it counts as abandoned, so that another deployment may take its place. */
  deadline: z.string(),
});

/** How the last deployment ended. */
const endedSchema = z.object({
  id: z.string().min(1),
  outcome: z.enum(['completed', 'rolledBack', 'failed', 'superseded']),
  /** The model package that it deployed. */
  modelPackageArn: z.string().min(1),
  at: z.string(),
  reason: z.string().optional(),
});

/** A version that a rollback took out of service: nothing but an explicit deployment brings it back. */
const withdrawnSchema = z.object({ modelPackageArn: z.string().min(1), at: z.string(), reason: z.string() });

/**
 * The deployment record: what a target shall serve. One JSON object per target in the versioned artifact bucket; its versions are the audit trail.
 * It is written as a whole.
 */
export const recordSchema = z.object({
  /** Answers every request that the canary does not. */
  stable: servedSchema,
  /** A second live version and its share of the requests, 0 to 1. With 0 it answers only those who ask for its version. */
  canary: z.object({ model: servedSchema, weight: z.number().min(0).max(1) }).optional(),
  /** The deployment that is going on; absent once it has ended. A canary without one is a split that stays. */
  rollout: rolloutSchema.optional(),
  /** How the last deployment ended, for whoever has waited for it. */
  ended: endedSchema.optional(),
  /** The model package that `stable` replaced, so that a step that runs twice still knows it. */
  previous: z.string().nullable().optional(),
  /** What was stable before, the latest first: what a rollback goes back to. Withdrawn versions are not in it. */
  history: z.array(servedSchema).optional(),
  /** What rollbacks took out of service. */
  withdrawn: z.array(withdrawnSchema).optional(),
  updatedAt: z.string(),
  run: z.string(),
});

/** The deployment record. */
export type DeploymentRecord = z.infer<typeof recordSchema>;

/** The model that a record serves. */
export type ServedModel = DeploymentRecord['stable'];

/** A deployment that is going on. */
export type RolloutState = NonNullable<DeploymentRecord['rollout']>;

/** Which part of a record a model serves as. */
export type Role = 'stable' | 'canary';

/** A registered model as a record names it: nothing more of it is kept. */
export function served(model: ServedModel): ServedModel {
  const { modelPackageArn, modelName, modelVersion, approval, metrics } = model;
  const { bucket, key, versionId, sha256 } = model.artifact;
  const artifact = { bucket, key, ...(versionId === undefined ? {} : { versionId }), sha256 };
  return { modelPackageArn, modelName, modelVersion, artifact, ...(approval === undefined ? {} : { approval }), ...(metrics === undefined ? {} : { metrics }) };
}
