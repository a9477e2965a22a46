import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateFeatureGroupCommand, DeleteFeatureGroupCommand, DescribeFeatureGroupCommand, ListFeatureGroupsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { CreateFeatureGroupCommandInput } from '@aws-sdk/client-sagemaker';
import { BatchGetRecordCommand, DeleteRecordCommand, GetRecordCommand, PutRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { FeatureValue, PutRecordCommandInput } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSageMaker } from '../../../local/services/sagemaker/index.ts';
import { query } from '../../model/data/files.ts';
import { openBench, role } from './harness.ts';
import type { Bench } from './harness.ts';

let bench: Bench;
let sagemaker: SageMakerClient;
let runtime: SageMakerFeatureStoreRuntimeClient;
let s3: S3Client;

const definition: CreateFeatureGroupCommandInput = {
  FeatureGroupName: 'Customers',
  RecordIdentifierFeatureName: 'customer',
  EventTimeFeatureName: 'at',
  FeatureDefinitions: [
    { FeatureName: 'customer', FeatureType: 'String' },
    { FeatureName: 'at', FeatureType: 'String' },
    { FeatureName: 'orders', FeatureType: 'Integral' },
    { FeatureName: 'spent', FeatureType: 'Fractional' },
  ],
  OnlineStoreConfig: { EnableOnlineStore: true },
};

beforeEach(async () => {
  bench = await openBench({ modules: [createS3, createSageMaker] });
  sagemaker = new SageMakerClient(bench.client);
  runtime = new SageMakerFeatureStoreRuntimeClient(bench.client);
  s3 = new S3Client({ ...bench.client, forcePathStyle: true });
});
afterEach(async () => {
  sagemaker.destroy();
  runtime.destroy();
  s3.destroy();
  await bench.close();
});

const create = (more: Partial<CreateFeatureGroupCommandInput> = {}) => sagemaker.send(new CreateFeatureGroupCommand({ ...definition, ...more }));
const record = (values: Record<string, string>): FeatureValue[] => Object.entries(values).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString }));
const put = (values: Record<string, string>, more: Partial<PutRecordCommandInput> = {}) => runtime.send(new PutRecordCommand({ FeatureGroupName: 'Customers', Record: record(values), ...more }));
const get = async (identifier: string, FeatureNames?: string[]): Promise<Record<string, string> | undefined> => {
  const { Record: found } = await runtime.send(new GetRecordCommand({ FeatureGroupName: 'Customers', RecordIdentifierValueAsString: identifier, ...(FeatureNames === undefined ? {} : { FeatureNames }) }));
  return found === undefined ? undefined : Object.fromEntries(found.map(({ FeatureName = '', ValueAsString = '' }) => [FeatureName, ValueAsString]));
};

describe('feature groups', () => {
  it('are created, described, listed and deleted', async () => {
    const { FeatureGroupArn } = await create({ Description: 'who buys' });
    expect(FeatureGroupArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:feature-group/customers');
    const described = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: 'Customers' }));
    expect(described).toMatchObject({ ...definition, FeatureGroupArn, Description: 'who buys', FeatureGroupStatus: 'Created' });
    expect(described.CreationTime).toBeInstanceOf(Date);
    expect((await sagemaker.send(new ListFeatureGroupsCommand({ NameContains: 'custom' }))).FeatureGroupSummaries).toMatchObject([{ FeatureGroupName: 'Customers', FeatureGroupArn }]);
    await expect(create()).rejects.toMatchObject({ name: 'ResourceInUse' });
    await put({ customer: 'a', at: '2026-01-01T00:00:00Z' });
    await sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: 'Customers' }));
    await expect(sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: 'Customers' }))).rejects.toMatchObject({ name: 'ResourceNotFound' });
    await create();
    expect(await get('a')).toBeUndefined();
  });

  it.each<[string, Partial<CreateFeatureGroupCommandInput>, RegExp]>([
    ['a reserved name', { FeatureDefinitions: [...definition.FeatureDefinitions!, { FeatureName: 'write_time', FeatureType: 'String' }] }, /'write_time' is reserved/],
    ['a name with a space', { FeatureDefinitions: [...definition.FeatureDefinitions!, { FeatureName: 'a b', FeatureType: 'String' }] }, /featureName/],
    ['a feature twice', { FeatureDefinitions: [...definition.FeatureDefinitions!, { FeatureName: 'spent', FeatureType: 'String' }] }, /stands twice/],
    ['an identifier that is no feature', { RecordIdentifierFeatureName: 'none' }, /'none' is none of the FeatureDefinitions/],
    ['a whole number as the time', { EventTimeFeatureName: 'orders' }, /is Integral, expected String or Fractional/],
    ['no store', { OnlineStoreConfig: {} }, /needs an online store, an offline store or both/],
    ['an offline store without a role', { OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://b/p' } } }, /roleArn/],
  ])('refuse %s', async (_, more, message) => {
    await expect(create(more)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) as string });
  });

  it('come from a template, and keep their records through another deployment', async () => {
    expect(await bench.provision('AWS::SageMaker::FeatureGroup', 'Group', { ...definition })).toMatchObject({ physicalId: 'Customers' });
    await put({ customer: 'a', at: '2026-01-01T00:00:00Z' });
    await bench.provision('AWS::SageMaker::FeatureGroup', 'Group', { ...definition, FeatureDefinitions: [...definition.FeatureDefinitions!, { FeatureName: 'city', FeatureType: 'String' }] });
    expect(await get('a')).toEqual({ customer: 'a', at: '2026-01-01T00:00:00Z' });
    await bench.remove('AWS::SageMaker::FeatureGroup', 'Group');
    await expect(get('a')).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });
});

describe('the online store', () => {
  it('keeps the newest record of an identifier, whatever the order in which they come', async () => {
    await create();
    await put({ customer: 'a', at: '2026-02-01T00:00:00Z', orders: '2' });
    await put({ customer: 'a', at: '2026-01-01T00:00:00Z', orders: '1' });
    expect(await get('a')).toEqual({ customer: 'a', at: '2026-02-01T00:00:00Z', orders: '2' });
    await put({ customer: 'a', at: '2026-02-01T00:00:00.500Z', spent: '1.5' });
    expect(await get('a')).toEqual({ customer: 'a', at: '2026-02-01T00:00:00.500Z', spent: '1.5' });
    expect(await get('a', ['spent'])).toEqual({ spent: '1.5' });
    expect(await get('b')).toBeUndefined();
    await expect(get('a', ['none'])).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('answers several at once, and says which could not be read', async () => {
    await create();
    for (const customer of ['a', 'b/c', 'ü']) await put({ customer, at: '2026-02-01T00:00:00Z' });
    const { Records, Errors, UnprocessedIdentifiers } = await runtime.send(new BatchGetRecordCommand({
      Identifiers: [
        { FeatureGroupName: 'Customers', RecordIdentifiersValueAsString: ['a', 'none', 'b/c', 'ü'], FeatureNames: ['customer'] },
        { FeatureGroupName: 'Nobody', RecordIdentifiersValueAsString: ['a'] },
      ],
    }));
    expect(Records).toMatchObject(['a', 'b/c', 'ü'].map((customer) => ({ FeatureGroupName: 'Customers', RecordIdentifierValueAsString: customer, Record: record({ customer }) })));
    expect(Errors).toMatchObject([{ FeatureGroupName: 'Nobody', ErrorCode: 'ResourceNotFound' }]);
    expect(UnprocessedIdentifiers).toEqual([]);
    const many = Array.from({ length: 101 }, (_, index) => String(index));
    await expect(runtime.send(new BatchGetRecordCommand({ Identifiers: [{ FeatureGroupName: 'Customers', RecordIdentifiersValueAsString: many }] }))).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('forgets records softly, so that an older one does not come back, or for good', async () => {
    await create();
    const remove = (EventTime: string, DeletionMode?: 'SoftDelete' | 'HardDelete') =>
      runtime.send(new DeleteRecordCommand({ FeatureGroupName: 'Customers', RecordIdentifierValueAsString: 'a', EventTime, ...(DeletionMode === undefined ? {} : { DeletionMode }) }));
    await put({ customer: 'a', at: '2026-02-01T00:00:00Z' });
    await remove('2026-01-01T00:00:00Z');
    expect(await get('a')).toBeDefined();
    await remove('2026-03-01T00:00:00Z');
    expect(await get('a')).toBeUndefined();
    await put({ customer: 'a', at: '2026-02-15T00:00:00Z' });
    expect(await get('a')).toBeUndefined();
    await remove('2026-03-01T00:00:00Z', 'HardDelete');
    await put({ customer: 'a', at: '2026-02-15T00:00:00Z' });
    expect(await get('a')).toBeDefined();
  });

  it('forgets a record when its time is over', async () => {
    await create({ OnlineStoreConfig: { EnableOnlineStore: true, TtlDuration: { Unit: 'Days', Value: 1 } } });
    const now = Date.now();
    await put({ customer: 'new', at: new Date(now - 3_600_000).toISOString() });
    await put({ customer: 'old', at: new Date(now - 100_000_000).toISOString() });
    await put({ customer: 'longer', at: new Date(now - 100_000_000).toISOString() }, { TtlDuration: { Unit: 'Weeks', Value: 1 } });
    expect([await get('new'), await get('old'), await get('longer')].map((found) => found !== undefined)).toEqual([true, false, true]);
    const { ExpiresAt } = await runtime.send(new GetRecordCommand({ FeatureGroupName: 'Customers', RecordIdentifierValueAsString: 'new', ExpirationTimeResponse: 'Enabled' }));
    expect(ExpiresAt).toBe(new Date(now + 82_800_000).toISOString());
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['an unknown feature', { city: 'x' }, /no Feature with name city/],
    ['a fraction as a whole number', { orders: '1.5' }, /'1.5' of the Feature orders is not of the type Integral/],
    ['a whole number of 65 bits', { orders: '9223372036854775808' }, /not of the type Integral/],
    ['a text as a fraction', { spent: 'much' }, /not of the type Fractional/],
    ['a time in another format', { at: '2026-01-01 00:00:00' }, /EventTime '2026-01-01 00:00:00' of at is none/],
    ['a time that never was', { at: '2026-13-01T00:00:00Z' }, /is none/],
    ['no identifier', { customer: '' }, /no value of customer/],
  ])('refuses %s', async (_, values, message) => {
    await create();
    await expect(put({ customer: 'a', at: '2026-01-01T00:00:00Z', ...values })).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringMatching(message) as string });
  });

  it('takes Unix seconds where the time is a fraction, and says which store a group has not', async () => {
    await create({ FeatureDefinitions: definition.FeatureDefinitions!.map((feature) => (feature.FeatureName === 'at' ? { FeatureName: 'at', FeatureType: 'Fractional' as const } : feature)) });
    await put({ customer: 'a', at: '1767225600.5' });
    await expect(put({ customer: 'a', at: '2026-01-01T00:00:00Z' })).rejects.toThrow(/not of the type Fractional/);
    await expect(put({ customer: 'a', at: '1' }, { TargetStores: ['OfflineStore'] })).rejects.toThrow(/OfflineStore of the FeatureGroup Customers is not enabled/);
    expect(await get('a')).toEqual({ customer: 'a', at: '1767225600.5' });
  });
});

it('writes every record to the offline store, in Parquet files by the hour of their events', async () => {
  await bench.provision('AWS::S3::Bucket', 'Bucket', { BucketName: 'offline' });
  await create({ OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://offline/features/' } }, RoleArn: role });
  await put({ customer: 'a', at: '2026-02-01T10:15:00Z', orders: '-9223372036854775808', spent: '0.1' });
  await put({ customer: 'ü', at: '2026-02-01T10:45:00Z', orders: '7' });
  await put({ customer: 'a', at: '2026-02-01T11:00:00Z' });
  await runtime.send(new DeleteRecordCommand({ FeatureGroupName: 'Customers', RecordIdentifierValueAsString: 'a', EventTime: '2026-02-01T11:30:00Z' }));
  await bench.ready(); // writes what waits, at once
  const { OfflineStoreConfig, OfflineStoreStatus } = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: 'Customers' }));
  expect(OfflineStoreStatus).toEqual({ Status: 'Active' });
  const uri = OfflineStoreConfig?.S3StorageConfig?.ResolvedOutputS3Uri ?? '';
  expect(uri).toMatch(/^s3:\/\/offline\/features\/000000000000\/sagemaker\/us-east-1\/offline-store\/Customers-\d{10}\/data$/);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'offline' }));
  const keys = Contents.map(({ Key = '' }) => Key);
  const prefix = uri.slice('s3://offline/'.length);
  expect(keys.map((key) => key.replace(/_[0-9a-f]{16}\./, '_X.'))).toEqual([
    `${prefix}/year=2026/month=02/day=01/hour=10/20260201T104500Z_X.parquet`,
    `${prefix}/year=2026/month=02/day=01/hour=11/20260201T113000Z_X.parquet`,
  ]);
  const folder = mkdtempSync(path.join(tmpdir(), 'offline-'));
  try {
    for (const [index, key] of keys.entries()) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'offline', Key: key }));
      writeFileSync(path.join(folder, `${String(index)}.parquet`), (await Body?.transformToByteArray()) ?? '');
    }
    const rows = await query(`SELECT customer, "at", orders::VARCHAR AS orders, spent, is_deleted, typeof(write_time) AS written, write_time >= api_invocation_time AS later FROM read_parquet('${folder}/*.parquet') ORDER BY "at"`);
    expect(rows).toEqual([
      { customer: 'a', at: '2026-02-01T10:15:00Z', orders: '-9223372036854775808', spent: 0.1, is_deleted: false, written: 'TIMESTAMP', later: true },
      { customer: 'ü', at: '2026-02-01T10:45:00Z', orders: '7', spent: null, is_deleted: false, written: 'TIMESTAMP', later: true },
      { customer: 'a', at: '2026-02-01T11:00:00Z', orders: null, spent: null, is_deleted: false, written: 'TIMESTAMP', later: true },
      { customer: 'a', at: '2026-02-01T11:30:00Z', orders: null, spent: null, is_deleted: true, written: 'TIMESTAMP', later: true },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
