import * as z from 'zod';
import { BrokenBaseline, parseBaseline } from '../../model/data/baseline.ts';
import type { Baseline } from '../../model/data/baseline.ts';
import { DataNotFound, messageOf } from '../shared/errors.ts';
import { ifThere, readText } from '../shared/objects.ts';
import { s3UriSchema } from '../shared/payload.ts';
import { formatS3Uri, parseS3Uri } from '../shared/s3-uri.ts';
import type { ObjectLocation } from '../shared/s3-uri.ts';

/** What UpdateBaseline writes: where the statistics and constraints of the deployed model's data lie. */
const pointerSchema = z.object({ statistics: s3UriSchema, constraints: s3UriSchema });

/** A baseline that is there and cannot be compared with. */
export interface UnusableBaseline {
  /** Why, in a sentence. */
  readonly unusable: string;
}

/** The baseline that a pointer names; none where there is no pointer, as before the first deployment. */
export async function readBaseline(pointer: ObjectLocation): Promise<Baseline | UnusableBaseline | undefined> {
  const text = await ifThere(readText(pointer));
  if (text === undefined) return undefined;
  try {
    const { statistics, constraints } = pointerSchema.parse(JSON.parse(text));
    const [statisticsText, constraintsText] = await Promise.all([statistics, constraints].map((uri) => readText(parseS3Uri(uri))));
    return parseBaseline({ statistics: JSON.parse(statisticsText!), constraints: JSON.parse(constraintsText!) });
  } catch (error) {
    if (!isBroken(error)) throw error;
    return { unusable: `The data is not compared with the baseline that ${formatS3Uri(pointer)} names: ${messageOf(error)} The next deployment writes a new one.` };
  }
}

/** Somebody deleted or edited it; what S3 refuses or cannot answer is no property of the baseline. */
function isBroken(error: unknown): boolean {
  return error instanceof DataNotFound || error instanceof SyntaxError || error instanceof z.ZodError || error instanceof BrokenBaseline;
}
