import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { sha256Schema } from '../payload.ts';

/** What a prediction API knows of a client's keys: digests alone. The secret that holds it is written by rotations. */
export const digestsSchema = z.object({
  keys: z.array(z.object({
    /** Of the key's text. A key has 256 bits of randomness, so that nothing slower than SHA-256 is needed. */
    sha256: sha256Schema,
    /** When it is no longer accepted; absent while it is the client's own. */
    notAfter: z.iso.datetime().optional(),
  })),
});

/** What a prediction API knows of a client's keys. */
export type Digests = z.infer<typeof digestsSchema>;

/** A new key: the client's name, and what nobody guesses. */
export function newKey(client: string): string {
  return `${client}.${randomBytes(32).toString('base64url')}`;
}

/** Whose key a text says that it is. */
export function clientOf(key: string): string | undefined {
  return /^([a-z][a-z0-9-]{0,39})\.[A-Za-z0-9_-]{43}$/.exec(key)?.[1];
}

/** Whether a key is one of these at a time. It takes as long for every key that is not. */
export function accepts({ keys }: Digests, key: string, now: number): boolean {
  const digest = createHash('sha256').update(key).digest();
  let found = false;
  for (const { sha256, notAfter } of keys) {
    const isSame = timingSafeEqual(Buffer.from(sha256, 'hex'), digest);
    found = (isSame && (notAfter === undefined || now <= Date.parse(notAfter))) || found;
  }
  return found;
}

/** With a key that is accepted from now on. Those that were accepted still are. */
export function withKey({ keys }: Digests, key: string, now: number): Digests {
  const sha256 = createHash('sha256').update(key).digest('hex');
  const others = keys.filter((other) => other.sha256 !== sha256 && (other.notAfter === undefined || now <= Date.parse(other.notAfter)));
  return { keys: [{ sha256 }, ...others] };
}

/** With an end to every key but one: `graceMs` from now, unless it has one already. */
export function endingOthers({ keys }: Digests, key: string, now: number, graceMs: number): Digests {
  const own = createHash('sha256').update(key).digest('hex');
  const notAfter = new Date(now + graceMs).toISOString();
  return { keys: keys.map((entry) => (entry.sha256 === own ? { sha256: own } : { notAfter, ...entry })) };
}
