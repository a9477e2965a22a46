import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { writeLaptopFile } from '../../bin/cli/connection.ts';
import { lineageOf, lineageText } from '../../lambda/register-model/lineage.ts';
import { modelPackage } from '../../lambda/register-model/package.ts';
import { sha256 } from '../../lambda/shared/digest.ts';
import { slipway } from '../bin/support.ts';
import { digests, registration } from '../lambda/register-model/registration.ts';
import { testLaptop } from '../local/support/laptop.ts';

const guide = await readFile(path.resolve(import.meta.dirname, '../../docs/guides/registry-and-lineage.md'), 'utf8');
const outputs = { DataBucketName: 'data', ArtifactBucketName: 'artifacts', ModelPackageGroupName: 'group', ApiUrl: 'x', PipelineName: 'flights', DataPrefix: 'raw/flights/', StartFunctionName: 'x', StateMachineArn: 'x' };

it('has commands that do what it says', async () => {
  const laptop = await testLaptop({
    app: {
      Resources: { Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupName: 'group' } } },
      Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
    },
  });
  await writeLaptopFile(laptop.stateDirectory, { awsEndpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: laptop.region, apis: {}, pid: process.pid });
  const s3 = new S3Client({ ...laptop.client, forcePathStyle: true });
  const sagemaker = new SageMakerClient(laptop.client);
  for (const Bucket of ['data', 'artifacts']) await s3.send(new CreateBucketCommand({ Bucket }));
  const dataset = { bucket: 'data', key: 'raw/flights/a.csv', sha256: 'b'.repeat(64) };
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: dataset.key, Body: 'rows' }));
  for (const name of ['run-1', 'run-2']) {
    const given = { ...registration, dataset, run: { ...registration.run, name, executionArn: `${registration.run.executionArn}-${name}` } };
    const lineage = lineageOf('flights', given, digests, [dataset]);
    const key = `reports/flights/${name}/lineage.json`;
    await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: key, Body: lineageText(lineage) }));
    await sagemaker.send(new CreateModelPackageCommand(modelPackage('group', given, lineage, { uri: `s3://artifacts/${key}`, sha256: sha256(lineageText(lineage)) })));
  }
  s3.destroy();
  sagemaker.destroy();

  const commands = [...guide.matchAll(/^npm run slipway -- ((?:models|lineage).*)$/gm)].map(([, command = '']) => command);
  expect(commands).toHaveLength(5);
  for (const command of commands) {
    const { exitCode, error, stdout } = await slipway(...command.split(' '), '--state', laptop.stateDirectory);
    expect({ exitCode, error }, command).toEqual({ exitCode: 0, error: undefined });
    if (command.endsWith('--json')) expect(JSON.parse(stdout)).toMatchObject({ version: 2, servedBy: [], data: [{ exists: true }] });
    if (command === 'lineage latest') expect(stdout).toMatch(/^flights, version 2 .*\n├─ served by +no target\n/);
  }
});
