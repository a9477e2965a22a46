import * as z from 'zod';
import { evidenceSchema } from '../shared/approvals/request.ts';
import { modelSchema, runSchema } from '../shared/payload.ts';

/** What DeployToProduction is asked for. */
export const releaseSchema = z.object({
  /** Whether a person has approved the version, or the gates alone. */
  approval: z.enum(['manual', 'automatic']),
  run: runSchema,
  model: modelSchema,
  evidence: evidenceSchema,
  /** A person has redriven the run: a version that was taken back is deployed anew. */
  again: z.boolean().default(false),
});

/** What DeployToProduction answers. */
export interface ReleaseResult {
  /** DEPLOYED where production serves the version, or is on its way to it; SUPERSEDED where a higher version is approved too, which serves production instead. */
  readonly status: 'DEPLOYED' | 'SUPERSEDED';
  /** The record's S3 URI. */
  readonly record: string;
  /** The version that production serves, or is on its way to. */
  readonly servedVersion: string;
  /** The deployment that is to be brought to its end; null where there is nothing to do. */
  readonly rollout: string | null;
  /** What that deployment brings. */
  readonly model: { readonly modelPackageArn: string; readonly modelName: string; readonly modelVersion: string };
  /** The model package that was served before; null where there was none. */
  readonly previous: string | null;
}
