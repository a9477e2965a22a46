import {
  CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetRandomPasswordCommand, GetSecretValueCommand, PutSecretValueCommand, RotateSecretCommand, SecretsManagerClient, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSecretsManager } from '../../../local/services/secretsmanager/index.ts';
import { openBench } from './harness.ts';
import type { Bench } from './harness.ts';
import { manualClock } from './manual-clock.ts';

const rotator = 'arn:aws:lambda:us-east-1:000000000000:function:rotate';
const clock = manualClock();
let bench: Bench;
let client: SecretsManagerClient;
let events: { Step: string; ClientRequestToken: string; SecretId: string }[];
let broken: boolean;

/** A rotation function as people write them: it talks to Secrets Manager under its own name. */
async function rotate({ Payload }: { Payload: Uint8Array }): Promise<Record<string, unknown>> {
  const event = JSON.parse(Buffer.from(Payload).toString()) as (typeof events)[number];
  events.push(event);
  const { Step, SecretId, ClientRequestToken } = event;
  if (Step === 'createSecret') await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString: `rotated ${ClientRequestToken}`, VersionStages: ['AWSPENDING'] }));
  if (Step === 'testSecret' && broken) return { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"no"}') };
  if (Step === 'finishSecret') {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSCURRENT'));
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current }));
  }
  return { Payload: Buffer.from('null') };
}

beforeEach(async () => {
  [events, broken] = [[], false];
  bench = await openBench({ modules: [createSecretsManager], services: [{ name: 'lambda', operations: { Invoke: rotate } }], clock });
  client = new SecretsManagerClient(bench.client);
});

afterEach(async () => {
  client.destroy();
  await bench.close();
});

const value = async (SecretId: string, VersionStage?: string) => (await client.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;

test('values have versions; the one before is kept, the same again is the same', async () => {
  const { ARN, VersionId } = await client.send(new CreateSecretCommand({ Name: 'app/key', SecretString: 'one' }));
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:app\/key-[A-Za-z0-9]{6}$/);
  expect([await value('app/key'), await value(ARN!), await value(ARN!.slice(0, -7))]).toEqual(['one', 'one', 'one']);
  const token = '00000000-0000-4000-8000-000000000001';
  const two = { SecretId: 'app/key', SecretString: 'two', ClientRequestToken: token };
  expect((await client.send(new PutSecretValueCommand(two))).VersionId).toBe(token);
  expect((await client.send(new PutSecretValueCommand(two))).VersionId).toBe(token);
  await expect(client.send(new PutSecretValueCommand({ ...two, SecretString: 'three' }))).rejects.toMatchObject({ name: 'ResourceExistsException' });
  expect([await value('app/key'), await value('app/key', 'AWSPREVIOUS')]).toEqual(['two', 'one']);
  expect((await client.send(new DescribeSecretCommand({ SecretId: 'app/key' }))).VersionIdsToStages).toEqual({ [VersionId!]: ['AWSPREVIOUS'], [token]: ['AWSCURRENT'] });
  await client.send(new PutSecretValueCommand({ SecretId: 'app/key', SecretBinary: Uint8Array.of(1, 2) }));
  expect((await client.send(new GetSecretValueCommand({ SecretId: 'app/key' }))).SecretBinary).toEqual(Uint8Array.of(1, 2));
  await expect(client.send(new CreateSecretCommand({ Name: 'app/key' }))).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await client.send(new DeleteSecretCommand({ SecretId: 'app/key' }));
  await expect(value('app/key')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(value('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a template generates a value once, and sets one that it says', async () => {
  const generated = { GenerateSecretString: { SecretStringTemplate: '{"user":"me"}', GenerateStringKey: 'password', PasswordLength: 20, ExcludePunctuation: true } };
  const { physicalId } = await bench.provision('AWS::SecretsManager::Secret', 'Key', generated);
  const first = await value(physicalId);
  expect(JSON.parse(first!)).toEqual({ user: 'me', password: expect.stringMatching(/^[A-Za-z0-9]{20}$/) });
  await bench.provision('AWS::SecretsManager::Secret', 'Key', { ...generated, Description: 'mine' });
  expect(await value(physicalId)).toBe(first);
  await bench.provision('AWS::SecretsManager::Secret', 'Key', { SecretString: 'said' });
  expect(await value(physicalId)).toBe('said');
  await bench.remove('AWS::SecretsManager::Secret', 'Key');
  await expect(value(physicalId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a rotation goes through its four steps, at once and by its schedule', async () => {
  const { physicalId: SecretId } = await bench.provision('AWS::SecretsManager::Secret', 'Key', { SecretString: 'one' });
  await bench.provision('AWS::SecretsManager::RotationSchedule', 'Rotation', { SecretId, RotationLambdaARN: rotator, RotationRules: { ScheduleExpression: 'rate(4 hours)' } });
  await expect.poll(() => events.map(({ Step }) => Step)).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  await expect.poll(() => value(SecretId)).toBe(`rotated ${events[0]?.ClientRequestToken}`);
  expect(await value(SecretId, 'AWSPREVIOUS')).toBe('one');
  expect(await client.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({ RotationEnabled: true, RotationRules: { ScheduleExpression: 'rate(4 hours)' } });
  await bench.provision('AWS::SecretsManager::RotationSchedule', 'Rotation', { SecretId, RotationLambdaARN: rotator, RotationRules: { ScheduleExpression: 'rate(4 hours)' } });
  expect(events).toHaveLength(4);
  clock.advance(4 * 3_600_000);
  await expect.poll(() => events.length).toBe(8);
});

test('a rotation that fails leaves the value as it was, and is told of', async () => {
  broken = true;
  await client.send(new CreateSecretCommand({ Name: 'key', SecretString: 'one' }));
  await expect(client.send(new RotateSecretCommand({ SecretId: 'key' }))).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await client.send(new RotateSecretCommand({ SecretId: 'key', RotationLambdaARN: rotator }));
  await expect.poll(() => bench.events).toContainEqual({ type: 'notice', subject: 'key', message: expect.stringContaining('the secret was not rotated') });
  expect(await value('key')).toBe('one');
});

test('passwords hold what is asked of them', async () => {
  const { RandomPassword } = await client.send(new GetRandomPasswordCommand({ PasswordLength: 12, ExcludeLowercase: true, ExcludePunctuation: true, ExcludeCharacters: '0123456789' }));
  expect(RandomPassword).toMatch(/^[A-Z]{12}$/);
  await expect(client.send(new GetRandomPasswordCommand({ PasswordLength: 3 }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
});
