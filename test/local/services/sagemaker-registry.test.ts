import {
  CreateModelPackageCommand,
  DeleteModelPackageCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { CreateModelPackageCommandInput, ListModelPackagesCommandInput } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSageMaker } from '../../../local/services/sagemaker/index.ts';
import { openBench } from './harness.ts';
import type { Bench } from './harness.ts';

let bench: Bench;
let sagemaker: SageMakerClient;
let news: Record<string, unknown>[];

beforeEach(async () => {
  news = [];
  const PutEvents = ({ Entries }: { Entries: { DetailType: string; Detail: string }[] }): Record<string, unknown> => {
    news.push(...Entries.map(({ DetailType, Detail }) => ({ type: DetailType, ...(JSON.parse(Detail) as object) })));
    return {};
  };
  bench = await openBench({ modules: [createSageMaker], services: [{ name: 'events', operations: { PutEvents } }] });
  sagemaker = new SageMakerClient(bench.client);
  await bench.provision('AWS::SageMaker::ModelPackageGroup', 'Group', { ModelPackageGroupName: 'flights', ModelPackageGroupDescription: 'Delays' });
});

afterEach(async () => {
  sagemaker.destroy();
  await bench.close();
});

const arn = (version: number): string => `arn:aws:sagemaker:us-east-1:000000000000:model-package/flights/${version}`;
const create = async (more: Partial<CreateModelPackageCommandInput> = {}): Promise<string | undefined> =>
  (await sagemaker.send(new CreateModelPackageCommand({ ModelPackageGroupName: 'flights', ...more }))).ModelPackageArn;
const versions = async (input: Partial<ListModelPackagesCommandInput> = {}): Promise<(number | undefined)[]> => {
  const { ModelPackageSummaryList } = await sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: 'flights', ...input }));
  return (ModelPackageSummaryList ?? []).map(({ ModelPackageVersion }) => ModelPackageVersion);
};

describe('the model registry', () => {
  it('numbers versions, and never gives a number twice', async () => {
    expect(await create()).toBe(arn(1));
    expect(await create()).toBe(arn(2));
    await sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName: arn(2) }));
    expect(await create()).toBe(arn(3));
    expect(await versions()).toEqual([1, 3]);
    await expect(sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(2) }))).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('does not exist') });
  });

  it('makes one version for one client token', async () => {
    expect(await create({ ClientToken: 'run-1' })).toBe(arn(1));
    expect(await create({ ClientToken: 'run-1' })).toBe(arn(1));
    expect(await create({ ClientToken: 'run-2' })).toBe(arn(2));
    expect(await versions()).toEqual([1, 2]);
  });

  it('keeps and describes what it was given', async () => {
    const input: Partial<CreateModelPackageCommandInput> = {
      ModelPackageDescription: 'first',
      CustomerMetadataProperties: { commit: 'abc' },
      InferenceSpecification: { Containers: [{ Image: 'i', ModelDataUrl: 's3://b/m.tar.gz' }], SupportedContentTypes: ['application/json'], SupportedResponseMIMETypes: ['application/json'] },
      ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: 's3://b/e.json', ContentDigest: `sha256:${'0'.repeat(64)}` } } },
    };
    await create(input);
    const answer = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(1) }));
    expect(answer).toMatchObject({ ...input, ModelPackageArn: arn(1), ModelPackageVersion: 1, ModelPackageGroupName: 'flights', ModelApprovalStatus: 'PendingManualApproval', ModelPackageStatus: 'Completed' });
    expect(answer.CreationTime).toBeInstanceOf(Date);
  });

  it('refuses what SageMaker refuses', async () => {
    const refused = (more: Partial<CreateModelPackageCommandInput>): Promise<void> => expect(create(more)).rejects.toMatchObject({ name: 'ValidationException' });
    await refused({ ModelPackageGroupName: 'absent' });
    await refused({ ModelPackageName: 'both' });
    await refused({ Tags: [{ Key: 'a', Value: 'b' }] });
    await refused({ ClientToken: 'x'.repeat(37) });
    await refused({ CustomerMetadataProperties: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v'])) });
    await refused({ CustomerMetadataProperties: { k: 'v'.repeat(257) } });
    await refused({ ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'a', S3Uri: 's', ContentDigest: 'md5:0' } } } });
    expect(await versions()).toEqual([]);
  });

  it('lists by approval, in either order, in pages', async () => {
    for (let count = 0; count < 5; count += 1) await create({ ModelApprovalStatus: count % 2 === 0 ? 'Approved' : 'Rejected' });
    expect(await versions({ ModelApprovalStatus: 'Approved' })).toEqual([1, 3, 5]);
    expect(await versions({ SortOrder: 'Descending', SortBy: 'CreationTime' })).toEqual([5, 4, 3, 2, 1]);
    const first = await sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: 'flights', MaxResults: 3 }));
    expect(first.ModelPackageSummaryList).toHaveLength(3);
    expect(await versions({ MaxResults: 3, NextToken: first.NextToken })).toEqual([4, 5]);
  });

  it('tells the event bus of new and of approved versions', async () => {
    await create({ CustomerMetadataProperties: { a: '1', b: '2' } });
    await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn(1), ModelApprovalStatus: 'Approved', ApprovalDescription: 'fine', CustomerMetadataProperties: { c: '3' }, CustomerMetadataPropertiesToRemove: ['a'] }));
    expect(await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(1) }))).toMatchObject({ ModelApprovalStatus: 'Approved', ApprovalDescription: 'fine', CustomerMetadataProperties: { b: '2', c: '3' } });
    expect(news).toMatchObject([
      { type: 'SageMaker Model Package State Change', ModelApprovalStatus: 'PendingManualApproval', ModelPackageVersion: 1 },
      { ModelApprovalStatus: 'Approved', UpdatedModelPackageFields: ['ModelApprovalStatus', 'CustomerMetadataProperties', 'ApprovalDescription'] },
    ]);
  });

  it('describes groups, and keeps their versions through another deployment', async () => {
    await create();
    await bench.provision('AWS::SageMaker::ModelPackageGroup', 'Group', { ModelPackageGroupName: 'flights', ModelPackageGroupDescription: 'Late flights' });
    expect(await sagemaker.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'flights' }))).toMatchObject({ ModelPackageGroupDescription: 'Late flights' });
    expect((await sagemaker.send(new ListModelPackageGroupsCommand({}))).ModelPackageGroupSummaryList).toHaveLength(1);
    await bench.remove('AWS::SageMaker::ModelPackageGroup', 'Group');
    expect(await create()).toBe(arn(2));
  });
});
