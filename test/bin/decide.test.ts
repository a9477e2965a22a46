import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateModelPackageCommand, DescribeModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { writeLaptopFile } from '../../bin/cli/connection.ts';
import { createSageMaker } from '../../local/services/sagemaker/index.ts';
import { createSts } from '../../local/services/sts/index.ts';
import { openBench } from '../local/services/harness.ts';
import type { Bench } from '../local/services/harness.ts';
import { slipway } from './support.ts';

const arn = (version: number): string => `arn:aws:sagemaker:us-east-1:000000000000:model-package/models/${String(version)}`;
const operator = 'arn:aws:iam::000000000000:user/operator';
const outputs = ['DataBucketName', 'ArtifactBucketName', 'ModelPackageGroupName', 'ApiUrl', 'PipelineName', 'DataPrefix', 'StartFunctionName', 'StateMachineArn'];
let bench: Bench;
let sagemaker: SageMakerClient;
let state: string;

beforeEach(async () => {
  state = mkdtempSync(path.join(tmpdir(), 'decide-'));
  const Outputs = outputs.map((OutputKey) => ({ OutputKey, OutputValue: OutputKey === 'ModelPackageGroupName' ? 'models' : 'x' }));
  bench = await openBench({
    modules: [createSageMaker, createSts],
    services: [
      { name: 'events', operations: { PutEvents: () => ({}) } },
      { name: 'cloudformation', operations: { DescribeStacks: () => ({ Stacks: [{ StackName: 'app', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }] }) } },
    ],
  });
  await writeLaptopFile(state, { awsEndpoint: bench.client.endpoint, credentials: bench.client.credentials, region: 'us-east-1', apis: {}, pid: process.pid });
  await bench.provision('AWS::SageMaker::ModelPackageGroup', 'Group', { ModelPackageGroupName: 'models' });
  sagemaker = new SageMakerClient(bench.client);
  for (let version = 1; version <= 2; version += 1) await sagemaker.send(new CreateModelPackageCommand({ ModelPackageGroupName: 'models' }));
});
afterEach(async () => {
  sagemaker.destroy();
  await bench.close();
  rmSync(state, { recursive: true, force: true });
});

const cli = (...args: string[]) => slipway(...args, '--state', state);
const described = async (version: number) => sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(version) }));

describe('slipway approve and reject', () => {
  it('decide in the registry, with the reason and who gave it, and say what follows', async () => {
    const { stdout, exitCode } = await cli('approve', '2', '--reason', '  good\nenough ');
    expect([stdout, exitCode]).toEqual([`✓ Version 2 is approved. Its run goes on to production within seconds, unless a higher version is approved as well.\n  by ${operator}\n`, 0]);
    expect(await described(2)).toMatchObject({ ModelApprovalStatus: 'Approved', ApprovalDescription: `good enough (${operator})` });
    expect((await cli('reject', '2')).stdout).toContain('✓ Version 2 is rejected.');
    expect(await described(2)).toMatchObject({ ModelApprovalStatus: 'Rejected', ApprovalDescription: `(${operator})` });
    expect(await described(1)).toMatchObject({ ModelApprovalStatus: 'PendingManualApproval' });
  });

  it('leave a version alone that is as it should be: the words of whoever decided stay', async () => {
    await cli('approve', '1', '--reason', 'first');
    const { stdout } = await cli('approve', '1', '--reason', 'second');
    expect(stdout).toBe('Version 1 is approved already: nothing was changed.\n');
    expect(await described(1)).toMatchObject({ ApprovalDescription: `first (${operator})` });
  });

  it('take an ARN as well, and tell machines', async () => {
    expect(JSON.parse((await cli('reject', arn(1), '--json')).stdout)).toEqual({ version: 1, arn: arn(1), approval: 'Rejected', before: 'PendingManualApproval', changed: true, by: operator });
    expect(JSON.parse((await cli('reject', '1', '--json')).stdout)).toMatchObject({ changed: false });
  });

  it('keep a reason within what SageMaker takes', async () => {
    await cli('approve', '1', '--reason', 'x'.repeat(3000));
    const description = (await described(1)).ApprovalDescription ?? '';
    expect(description).toHaveLength(1024);
    expect(description.endsWith(` (${operator})`)).toBe(true);
  });

  it('name the versions that there are', async () => {
    expect(await cli('approve', '9')).toMatchObject({ exitCode: 1, error: 'models has no version 9: it has 2, 1.' });
  });
});
