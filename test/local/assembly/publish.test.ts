import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { readAssetManifest } from '../../../local/assembly/assets.ts';
import { publishAssets } from '../../../local/assembly/publish.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import { openBench } from '../services/harness.ts';
import { temporaryDirectory } from '../support/assembly.ts';

test('assets that are single files lie in the bootstrap bucket, however often the laptop starts', async () => {
  const folder = temporaryDirectory();
  mkdirSync(path.join(folder, 'asset.code'));
  for (const file of ['asset.a.tgz', 'App.template.json']) writeFileSync(path.join(folder, file), file);
  const asset = (file: string, objectKey: string) => ({ source: { path: file }, destinations: { here: { bucketName: 'cdk-assets-${AWS::AccountId}-${AWS::Region}', objectKey } } });
  writeFileSync(path.join(folder, 'App.assets.json'), JSON.stringify({ files: { a: asset('asset.a.tgz', 'a.tgz'), code: asset('asset.code', 'code.zip'), template: asset('App.template.json', 't.json'), gone: asset('asset.gone', 'gone') } }));

  const bench = await openBench({ modules: [createS3] });
  const s3 = new S3Client({ ...bench.client, forcePathStyle: true });
  const { context } = bench;
  for (let start = 0; start < 2; start++) await publishAssets(readAssetManifest(path.join(folder, 'App.assets.json')), context, context.dispatch, context.identity.operator);
  const Bucket = 'cdk-assets-000000000000-us-east-1';
  expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key)).toEqual(['a.tgz']);
  expect(await (await s3.send(new GetObjectCommand({ Bucket, Key: 'a.tgz' }))).Body?.transformToString()).toBe('asset.a.tgz');
  s3.destroy();
  await bench.close();
});
