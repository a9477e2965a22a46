import { accepts, type Digests, endingOthers, newKey, withKey } from '../shared/api-keys/digests.ts';

/** The two secrets of a client: its key, and the digests by which the API knows it. */
export interface KeySecrets {
  /** The key of a version of the secret that is being made; undefined where it has none yet. */
  readPending(version: string): Promise<string | undefined>;
  /** Keeps a key as the pending one of a version. */
  writePending(version: string, key: string): Promise<void>;
  /** Makes a version the client's own, where it is not already. */
  makeCurrent(version: string): Promise<void>;
  readDigests(): Promise<Digests>;
  writeDigests(digests: Digests): Promise<void>;
}

/** The rotation cannot go on as it is asked to. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
}

/** Settings of a rotation. */
export interface RotationSettings {
  readonly client: string;
  readonly graceMs: number;
  now(): number;
}

/** A step of Secrets Manager's rotation. */
export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/**
 * One step of a rotation, safe to run again. The API accepts the new key before the client can read it, and the key before gets an end only
 * once the client can: whatever step a rotation stops at, the key that the client reads is accepted.
 */
export async function rotate(step: RotationStep, version: string, secrets: KeySecrets, { client, graceMs, now }: RotationSettings): Promise<void> {
  const pending = await secrets.readPending(version);
  if (step === 'createSecret') {
    if (pending === undefined) await secrets.writePending(version, newKey(client));
    return;
  }
  if (pending === undefined) throw new RotationRefused(`The version ${version} of the key of '${client}' has no value, expected createSecret before ${step}. Rotate the secret again.`);
  const digests = await secrets.readDigests();
  if (step === 'setSecret') {
    if (!accepts(digests, pending, now())) await secrets.writeDigests(withKey(digests, pending, now()));
    return;
  }
  if (!accepts(digests, pending, now())) throw new RotationRefused(`The API would not accept the new key of '${client}': its digest is not kept. Rotate the secret again.`);
  if (step === 'testSecret') return;
  await secrets.makeCurrent(version);
  const ended = endingOthers(digests, pending, now(), graceMs);
  if (JSON.stringify(ended) !== JSON.stringify(digests)) await secrets.writeDigests(ended);
}
