import * as z from 'zod';
import { WriteConflict } from '../shared/errors.ts';
import { ifThere, putJson, readJson } from '../shared/objects.ts';
import { parse } from '../shared/payload.ts';
import { formatS3Uri, type ObjectLocation } from '../shared/s3-uri.ts';
import type { Attempt } from './decide.ts';
import type { RememberedAttempt } from './ports.ts';

const attemptSchema = z.object({
  config: z.string(),
  record: z.string(),
  before: z.number().nullable(),
  startedAt: z.string(),
  status: z.enum(['APPLYING', 'APPLIED', 'FAILED']),
  reason: z.string().optional(),
});

/** The last change of the endpoint that was sent. @throws PayloadInvalid where the object is none of ours */
export async function readAttempt(location: ObjectLocation): Promise<RememberedAttempt | undefined> {
  const found = await ifThere(readJson(location));
  if (found === undefined) return undefined;
  const { reason, ...attempt } = parse(attemptSchema, found.value, formatS3Uri(location));
  return { attempt: { ...attempt, ...(reason === undefined ? {} : { reason }) }, etag: found.etag };
}

/** Writes it in the place of what was read. @returns false where another writer was first */
export async function writeAttempt(location: ObjectLocation, attempt: Attempt, replaced: RememberedAttempt | undefined): Promise<boolean> {
  try {
    await putJson(location, attempt, replaced === undefined ? { ifAbsent: true } : { ifMatch: replaced.etag });
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}
