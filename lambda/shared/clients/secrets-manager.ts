import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from './settings.ts';

/** The function's Secrets Manager client, made once. */
export const secretsManager = new SecretsManagerClient(clientSettings);
