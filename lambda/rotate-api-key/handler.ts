import * as z from 'zod';
import { PayloadInvalid } from '../shared/errors.ts';
import { parse } from '../shared/payload.ts';
import { readEnv, readNumber } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { type RotateApiKeyEnv, rotateApiKeyEnv } from './env.ts';
import { keySecrets } from './key-secrets.ts';
import { rotate } from './rotate.ts';

const env: RotateApiKeyEnv = readEnv(rotateApiKeyEnv);
const clients = parse(z.record(z.string(), z.object({ client: z.string().min(1), digests: z.string().min(1) })), JSON.parse(env.API_KEYS), 'API_KEYS');
const graceMs = readNumber('GRACE_SECONDS', env.GRACE_SECONDS, 0) * 1000;

/** What Secrets Manager asks. */
const rotationSchema = z.object({
  SecretId: z.string().min(1),
  ClientRequestToken: z.string().min(1),
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
});

/** Replaces the key of a client of a prediction API. */
export const handler = task('rotate-api-key', rotationSchema, async ({ SecretId: secret, ClientRequestToken: version, Step: step }, { logger }): Promise<void> => {
  const known = clients[secret];
  if (known === undefined) throw new PayloadInvalid(`${secret} is no secret of an API key that this function rotates, expected one of ${Object.keys(clients).join(', ')}.`);
  await rotate(step, version, keySecrets(secret, known.digests), { client: known.client, graceMs, now: () => Date.now() });
  logger.info('A step of a rotation is done', { step, client: known.client, version });
});
