import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow } from '../../bin/cli/history.ts';
import { hostModules } from '../../bin/cli/programs.ts';
import { startLaptop, type Laptop } from '../../local/index.ts';
import { synthesiseForeignApp } from './foreign-app.ts';

describe('a foreign CDK app', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'foreign-app-'));
  let laptop: Laptop;
  let outputs: Record<string, string>;

  beforeAll(async () => {
    const assembly = synthesiseForeignApp(directory);
    laptop = await startLaptop({ assembly, stateDirectory: path.join(directory, 'state'), port: 0, hostModules: hostModules() });
    const client = new CloudFormationClient(config());
    const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName: 'Parcels' }));
    outputs = Object.fromEntries((stacks?.[0]?.Outputs ?? []).map((output) => [output.OutputKey ?? '', output.OutputValue ?? '']));
  });

  afterAll(async () => {
    await laptop.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const config = () => ({ endpoint: laptop.awsEndpoint, region: 'us-east-1', credentials: laptop.credentials });

  async function sort(parcels: { id: string; grams: number }[]) {
    const client = new SFNClient(config());
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: outputs['SortingArn'], input: JSON.stringify({ parcels }) }));
    return follow(client, executionArn ?? '', () => undefined, { pollMs: 50 });
  }

  it('maps, retries and accepts', async () => {
    await expect(sort([{ id: 'a', grams: 400 }, { id: 'b', grams: 500 }])).resolves.toMatchObject({ status: 'SUCCEEDED', output: { accepted: true, grams: 900 } });
    const s3 = new S3Client({ ...config(), forcePathStyle: true });
    const { Contents: contents } = await s3.send(new ListObjectsV2Command({ Bucket: outputs['LedgerName'] }));
    expect(contents?.map((object) => object.Key)).toEqual(['a', 'b']);
  });

  it('takes the other branch of the Choice', async () => {
    await expect(sort([{ id: 'c', grams: 400 }, { id: 'd', grams: 700 }])).resolves.toMatchObject({ status: 'FAILED', error: 'TooHeavy' });
  });
});
