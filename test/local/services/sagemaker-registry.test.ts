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

  it('refuses a package that names its model in two ways, or in one that SageMaker would refuse', async () => {
    const refused = (more: Partial<CreateModelPackageCommandInput>, message: RegExp): Promise<void> =>
      expect(create(more)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) as string });
    const specification = (container: object): Partial<CreateModelPackageCommandInput> => ({
      InferenceSpecification: { Containers: [{ Image: 'registry/i:1', ...container }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] },
    });
    const data = (S3Uri: string, S3DataType: 'S3Object' | 'S3Prefix', CompressionType: 'None' | 'Gzip') => specification({ ModelDataSource: { S3DataSource: { S3Uri, S3DataType, CompressionType } } });
    await refused({ ...specification({}), SourceUri: 's3://b/m' }, /SourceUri cannot be given together/);
    await refused({ SourceUri: 's3://b/a+b' }, /sourceUri/);
    await refused(specification({ Image: 'with space' }), /image/);
    await refused(specification({ Image: undefined }), /image.*must not be null/);
    await refused(specification({ ModelDataUrl: 'm.tar.gz' }), /modelDataUrl/);
    await refused(specification({ Environment: { 'no-name': '1' } }), /environment.key/);
    await refused({ ...data('s3://b/m', 'S3Prefix', 'None') }, /ends in '\/'/);
    await refused({ ...data('s3://b/m/', 'S3Prefix', 'Gzip') }, /cannot be compressed/);
    await refused(specification({ ModelDataUrl: 's3://b/m', ModelDataSource: { S3DataSource: { S3Uri: 's3://b/m', S3DataType: 'S3Object', CompressionType: 'Gzip' } } }), /together/);
    await refused({ InferenceSpecification: { Containers: [], SupportedContentTypes: [], SupportedResponseMIMETypes: [] } }, /found 0/);
    await create(data('s3://b/m.tar.gz', 'S3Object', 'Gzip'));
    const { InferenceSpecification } = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(1) }));
    expect(InferenceSpecification).toEqual(data('s3://b/m.tar.gz', 'S3Object', 'Gzip').InferenceSpecification);
  });

  it('keeps a model card that follows the schema, and no other', async () => {
    const card = (content: unknown): Partial<CreateModelPackageCommandInput> => ({ ModelCard: { ModelCardContent: typeof content === 'string' ? content : JSON.stringify(content), ModelCardStatus: 'Draft' } });
    const refused = (content: unknown, message: RegExp): Promise<void> => expect(create(card(content))).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) as string });
    await refused('{', /no JSON/);
    await refused({ model_overview: { model_name: 'a' } }, /#\/model_overview knows no model_name/);
    await refused({ intended_uses: { risk_rating: 'Low!' } }, /risk_rating is Low!, expected one of High, Medium, Low, Unknown/);
    await refused({ intended_uses: { purpose_of_model: 'x'.repeat(2049) } }, /2049 characters, expected 0 to 2048/);
    await refused({ evaluation_details: [{ metric_groups: [] }] }, /evaluation_details\/0 lacks name/);
    await refused({ evaluation_details: [{ name: 'a', metric_groups: [{ name: 'm', metric_data: [{ name: 'auc', type: 'number', value: '0.7' }] }] }] }, /value does not fit the type number/);
    await refused({ training_details: { training_job_details: { hyper_parameters: Array.from({ length: 101 }, () => ({ name: 'a', value: 'b' })) } } }, /101 items, expected at most 100/);
    await refused(JSON.stringify({ additional_information: { custom_details: { a: 'x'.repeat(100_000) } } }), /100045 characters|expected at most 100000/);
    const content = { intended_uses: { risk_rating: 'Low' }, evaluation_details: [{ name: 'a', metric_groups: [{ name: 'm', metric_data: [{ name: 'auc', type: 'number', value: 0.7 }] }] }] };
    await create(card(content));
    await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn(1), ModelCard: { ModelCardStatus: 'Archived' } }));
    const { ModelCard } = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(1) }));
    expect(ModelCard).toEqual({ ModelCardStatus: 'Archived', ModelCardContent: JSON.stringify(content) });
    await expect(sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn(1), ModelCard: { ModelCardContent: '{}' } }))).rejects.toMatchObject({ message: 'Model Card is in Archived state' });
    const metadata = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(1), IncludedData: 'MetadataOnly' }));
    expect(JSON.parse(metadata.ModelCard?.ModelCardContent ?? '')).toEqual({ intended_uses: { risk_rating: 'Low' } });
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

  it('tells who made a version, who changed it last, and when', async () => {
    await create();
    const operator = { IamIdentity: { Arn: 'arn:aws:iam::000000000000:user/operator', PrincipalId: 'operator' } };
    const made = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(1) }));
    expect(made).toMatchObject({ CreatedBy: operator });
    expect(made.LastModifiedBy).toBeUndefined();
    const reviewer = bench.context.identity.credentialsFor('arn:aws:iam::000000000000:role/reviewers', 'alice');
    const alice = new SageMakerClient({ ...bench.client, credentials: reviewer });
    await alice.send(new UpdateModelPackageCommand({ ModelPackageArn: arn(1), ModelApprovalStatus: 'Rejected' }));
    const who = { IamIdentity: { Arn: 'arn:aws:sts::000000000000:assumed-role/reviewers/alice', PrincipalId: 'reviewers:alice' } };
    const changed = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn(1) }));
    expect(changed).toMatchObject({ CreatedBy: operator, LastModifiedBy: who, LastModifiedTime: expect.any(Date) as Date });
    expect(news.at(-1)).toMatchObject({ ModelApprovalStatus: 'Rejected', ModelPackageGroupName: 'flights', ModelPackageArn: arn(1), LastModifiedBy: who });
    await expect(alice.send(new UpdateModelPackageCommand({ ModelPackageArn: arn(1), ApprovalDescription: 'x'.repeat(1025) }))).rejects.toMatchObject({ name: 'ValidationException' });
    alice.destroy();
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
