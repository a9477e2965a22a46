import * as z from 'zod';
import { modelSchema, runSchema } from '../shared/payload.ts';

/** What DeployModel is asked for. */
export const deploySchema = z.object({ run: runSchema, model: modelSchema });

/** What DeployModel answers. */
export interface DeployResult {
  /** The record's S3 URI. */
  readonly record: string;
  readonly recordVersionId?: string;
  /** The model package that was served before; null where there was none. */
  readonly previous: string | null;
}
