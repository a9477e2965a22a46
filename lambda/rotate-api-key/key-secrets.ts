import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, ResourceNotFoundException, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { readDigests } from '../shared/api-keys/read-digests.ts';
import { secretsManager } from '../shared/clients/secrets-manager.ts';
import { type KeySecrets, RotationRefused } from './rotate.ts';

/** The secrets of a client in Secrets Manager. */
export function keySecrets(key: string, digests: string): KeySecrets {
  return {
    readPending: async (version) => {
      try {
        return (await secretsManager.send(new GetSecretValueCommand({ SecretId: key, VersionId: version }))).SecretString;
      } catch (error) {
        // The version is announced before it has a value.
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    writePending: async (version, text) => {
      await secretsManager.send(new PutSecretValueCommand({ SecretId: key, ClientRequestToken: version, SecretString: text, VersionStages: ['AWSPENDING'] }));
    },
    makeCurrent: async (version) => {
      const current = await currentVersion(key, version);
      if (current === version) return;
      await secretsManager.send(new UpdateSecretVersionStageCommand({ SecretId: key, VersionStage: 'AWSCURRENT', MoveToVersionId: version, ...(current === undefined ? {} : { RemoveFromVersionId: current }) }));
    },
    readDigests: () => readDigests(digests),
    writeDigests: async (value) => {
      await secretsManager.send(new PutSecretValueCommand({ SecretId: digests, SecretString: JSON.stringify(value) }));
    },
  };
}

async function currentVersion(secret: string, expected: string): Promise<string | undefined> {
  const { VersionIdsToStages: stages = {} } = await secretsManager.send(new DescribeSecretCommand({ SecretId: secret }));
  if (stages[expected] === undefined) throw new RotationRefused(`The secret ${secret} has no version ${expected}: it is not being rotated to it.`);
  return Object.keys(stages).find((version) => stages[version]!.includes('AWSCURRENT'));
}
