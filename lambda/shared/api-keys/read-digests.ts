import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretsManager } from '../clients/secrets-manager.ts';
import { parse } from '../payload.ts';
import { type Digests, digestsSchema } from './digests.ts';

/** The digests of a client's keys. @throws PayloadInvalid where the secret holds something else */
export async function readDigests(secret: string): Promise<Digests> {
  const { SecretString: text = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId: secret }));
  return parse(digestsSchema, JSON.parse(text), secret);
}
