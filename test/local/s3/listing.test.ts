import { DeleteObjectCommand, ListObjectsCommand, ListObjectVersionsCommand, paginateListObjectsV2, PutObjectCommand, S3Client, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listKeys, type ListRequest } from '../../../local/services/s3/listing.ts';
import { openStore } from '../../../local/store/sqlite.ts';
import { temporaryDirectory } from '../support/assembly.ts';
import { testLaptop } from '../support/laptop.ts';

const app = { App: { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data', VersioningConfiguration: { Status: 'Enabled' } } } } } };

async function bucket(keys: readonly string[]) {
  const { client } = await testLaptop(app);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: Key }));
  const list = async (input: Partial<ListObjectsV2CommandInput>, pageSize = 1000) => {
    const names: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket: 'data', ...input })) {
      expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
      names.push(...(page.Contents ?? []).map(({ Key }) => Key!), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
    }
    return names.sort();
  };
  return { s3, list };
}

test('prefix, delimiter, start and pages of any size', async () => {
  const { s3, list } = await bucket(['a', 'b/1', 'b/2', 'b/c/3', 'c d+é', 'e']);
  expect(await list({})).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'c d+é', 'e']);
  for (const pageSize of [1, 2, 3]) expect(await list({ Delimiter: '/' }, pageSize)).toEqual(['a', 'b/', 'c d+é', 'e']);
  expect(await list({ Prefix: 'b/', Delimiter: '/' }, 1)).toEqual(['b/1', 'b/2', 'b/c/']);
  expect(await list({ StartAfter: 'b/2' })).toEqual(['b/c/3', 'c d+é', 'e']);
  const older = await s3.send(new ListObjectsCommand({ Bucket: 'data', Delimiter: '/', MaxKeys: 2 }));
  expect([older.IsTruncated, older.NextMarker, older.Contents?.[0]?.Key]).toEqual([true, 'b/', 'a']);
});

test('versions and markers, newest first, page by page even when the last page has been deleted', async () => {
  const { s3 } = await bucket(['a', 'b', 'b', 'b']);
  await s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'a' }));
  const seen: string[] = [];
  let markers = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: 'data', MaxKeys: 2, ...markers }));
    const entries = [...(page.DeleteMarkers ?? []).map((entry) => ({ ...entry, kind: 'marker' })), ...(page.Versions ?? []).map((entry) => ({ ...entry, kind: 'version' }))];
    seen.push(...entries.map(({ Key, kind, IsLatest }) => `${Key} ${kind}${IsLatest ? ' latest' : ''}`));
    for (const { Key, VersionId } of entries) await s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: Key!, VersionId: VersionId! }));
    if (!page.IsTruncated) break;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
  expect(seen).toEqual(['a marker latest', 'a version', 'b version latest', 'b version', 'b version latest']);
});

test('versions below a delimiter are common prefixes, in pages of any size', async () => {
  const { s3 } = await bucket(['a', 'b/1', 'b/1', 'b/2', 'c', 'c', 'd/1', 'e']);
  for (const MaxKeys of [1, 2, 3, 100]) {
    const seen: string[] = [];
    for (let markers = {}; ; ) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket: 'data', Delimiter: '/', MaxKeys, ...markers }));
      seen.push(...(page.Versions ?? []).map(({ Key }) => Key!), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
      if (!page.IsTruncated) break;
      markers = { KeyMarker: page.NextKeyMarker, ...(page.NextVersionIdMarker && { VersionIdMarker: page.NextVersionIdMarker }) };
    }
    expect(seen.sort()).toEqual(['a', 'b/', 'c', 'c', 'd/', 'e']);
  }
});

test('a listing in pages equals the listing that the keys alone imply', () => {
  const store = openStore(temporaryDirectory());
  const letter = fc.constantFrom('a', 'b', '/', 'é', '\u{1F600}');
  const word = fc.array(letter, { minLength: 1, maxLength: 5 }).map((letters) => letters.join(''));
  let run = 0;
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 15 }), fc.constantFrom('', 'a', 'a/'), fc.constantFrom('', '/'), fc.integer({ min: 1, max: 4 }), (keys, prefix, delimiter, limit) => {
      const documents = store.collection<{ key: string }>('test', `run-${(run += 1)}`);
      for (const key of keys) documents.put(`bucket/${key}`, { key });
      const names: string[] = [];
      let request: ListRequest | undefined = { bucket: 'bucket', prefix, delimiter, after: '', limit };
      while (request) {
        const page: ReturnType<typeof listKeys<{ key: string }>> = listKeys(documents, request, () => true);
        names.push(...page.items.map(({ key }) => key), ...page.commonPrefixes);
        request = page.next === undefined ? undefined : { ...request, after: page.next };
      }
      const rolled = keys.filter((key) => key.startsWith(prefix)).map((key) => {
        const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        return end < 0 ? key : key.slice(0, end + 1);
      });
      expect(names.sort()).toEqual([...new Set(rolled)].sort());
    }),
    { numRuns: 200 },
  );
  store.close();
});
