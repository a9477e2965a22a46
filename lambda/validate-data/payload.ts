import * as z from 'zod';
import { checksSchema, datasetSchema, datasetSpecSchema, runSchema } from '../shared/payload.ts';

/** What ValidateData is asked for. */
export const validateSchema = z.object({
  run: runSchema,
  dataset: datasetSchema,
  schema: datasetSpecSchema,
  checks: checksSchema,
  maximumBytes: z.number().min(1),
});

/** What ValidateData answers for data that may be trained on. */
export interface ValidateResult {
  readonly rows: number;
  readonly bytes: number;
  /** Exactly what was validated: the object, or the folder whose objects the manifest lists. */
  readonly dataset: { readonly bucket: string; readonly key: string; readonly versionId?: string; readonly sha256: string; readonly manifest: string };
  readonly statistics: string;
  readonly constraints: string;
  readonly violations: string;
  readonly warnings: readonly string[];
}
