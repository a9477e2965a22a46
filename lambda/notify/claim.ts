import * as z from 'zod';
import { WriteConflict } from '../shared/errors.ts';
import { putJson, readJson } from '../shared/objects.ts';
import { parse } from '../shared/payload.ts';
import { formatS3Uri, type ObjectLocation } from '../shared/s3-uri.ts';

const claimSchema = z.object({ claimedAt: z.string(), sent: z.boolean() });

/**
 * Runs `send` once for the claim's object, whoever asks: the state machine, its retry, or the event on the execution's status.
 * The claim is written first, and marked once the message is out. A claim that was never marked belongs to a call that died in between:
 * then the message is sent (again, at worst), because a failure that nobody hears of is worse than one that is told twice.
 * @returns whether this call sent it.
 */
export async function once(claim: ObjectLocation, send: () => Promise<void>): Promise<boolean> {
  const claimedAt = new Date().toISOString();
  try {
    await putJson(claim, { claimedAt, sent: false }, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    const { value } = await readJson(claim);
    if (parse(claimSchema, value, formatS3Uri(claim)).sent) return false;
  }
  await send();
  await putJson(claim, { claimedAt, sent: true });
  return true;
}
