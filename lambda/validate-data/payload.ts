import * as z from 'zod';
import { datasetSchema, datasetSpecSchema, runSchema } from '../shared/payload.ts';

/** What ValidateData is asked for. */
export const validateSchema = z.object({
  run: runSchema,
  dataset: datasetSchema,
  schema: datasetSpecSchema,
  limits: z.object({
    minimumRows: z.number().int().min(0),
    maximumNullShare: z.number().min(0).max(1),
    maximumBytes: z.number().min(1),
  }),
});

/** What ValidateData answers for data that may be trained on. */
export interface ValidateResult {
  readonly rows: number;
  readonly bytes: number;
  /** Exactly the object that was validated. */
  readonly dataset: { readonly bucket: string; readonly key: string; readonly versionId?: string; readonly sha256: string };
  readonly statistics: string;
  readonly constraints: string;
  readonly violations: string;
  readonly warnings: readonly string[];
}
