import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { DataNotFound, WriteConflict } from './errors.ts';
import { putJson, readJson } from './objects.ts';
import { parse } from './payload.ts';
import { formatS3Uri, type ObjectLocation } from './s3-uri.ts';

const claimSchema = z.object({ claimedAt: z.string(), sent: z.boolean() });

/**
 * Runs `send` once for the claim's object, whoever asks: the state machine, its retry, or the event on the execution's status.
 * The claim is written first, and marked once the message is out. A claim that was never marked belongs to a call that died in between:
 * then the message is sent (again, at worst), because a failure that nobody hears of is worse than one that is told twice.
 * @returns whether this call sent it.
 */
export async function once(claim: ObjectLocation, send: () => Promise<void>): Promise<boolean> {
  const claimedAt = new Date().toISOString();
  if (await isSent(claim, claimedAt)) return false;
  await send();
  await putJson(claim, { claimedAt, sent: true });
  return true;
}

/** How often a claim is tried that another call is writing at the same time, and the pause in between. */
const attempts = 5;
const pauseMs = 50;

/** Claims it, or reads the claim that is there. Where S3 said "another is writing" (409) and nothing stands there yet, it is tried again. */
async function isSent(claim: ObjectLocation, claimedAt: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await putJson(claim, { claimedAt, sent: false }, { ifAbsent: true });
      return false;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
    try {
      const { value } = await readJson(claim);
      return parse(claimSchema, value, formatS3Uri(claim)).sent;
    } catch (error) {
      if (!(error instanceof DataNotFound) || attempt === attempts) throw error;
      await wait(pauseMs * attempt);
    }
  }
}
