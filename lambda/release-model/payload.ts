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
});

/** What DeployToProduction answers. */
export interface ReleaseResult {
  /** SUPERSEDED where a higher version is approved too, which serves production instead. */
  readonly status: 'DEPLOYED' | 'SUPERSEDED';
  /** The record's S3 URI. */
  readonly record: string;
  /** The version that production serves now. */
  readonly servedVersion: string;
  /** The model package that was served before; null where there was none. */
  readonly previous: string | null;
}
