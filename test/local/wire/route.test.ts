import { expect, test } from 'vitest';
import { serviceModel } from '../../../local/wire/catalog.ts';
import { findRoute } from '../../../local/wire/route.ts';
import { s3Address } from '../../../local/wire/s3-address.ts';

const s3 = serviceModel('s3')!;

/** The S3 operation on a bucket that a request line and headers mean. */
function operation(line: string, headers: Record<string, string> = {}): string | undefined {
  const [method = '', url = ''] = line.split(' ');
  const [path = '', query = ''] = url.split('?');
  return findRoute(s3, { method, path, query: new URLSearchParams(query), headers }, ({ input }) => [...input.structIterator()].some(([name]) => name === 'Bucket'))?.operation.name;
}

test.each([
  ['PUT /a/b', 'PutObject'],
  ['PUT /a?partNumber=1&uploadId=u', 'UploadPart'],
  ['PUT /a?tagging', 'PutObjectTagging'],
  ['PUT /', 'CreateBucket'],
  ['PUT /?versioning', 'PutBucketVersioning'],
  ['GET /a', 'GetObject'],
  ['GET /a?versionId=v', 'GetObject'],
  ['GET /a?uploadId=u', 'ListParts'],
  ['GET /', 'ListObjects'],
  ['GET /?list-type=2&prefix=x', 'ListObjectsV2'],
  ['GET /?versions', 'ListObjectVersions'],
  ['GET /?uploads', 'ListMultipartUploads'],
  ['GET /?location', 'GetBucketLocation'],
  ['HEAD /a', 'HeadObject'],
  ['HEAD /', 'HeadBucket'],
  ['POST /?delete', 'DeleteObjects'],
  ['POST /a?uploads', 'CreateMultipartUpload'],
  ['POST /a?uploadId=u', 'CompleteMultipartUpload'],
  ['DELETE /a', 'DeleteObject'],
  ['DELETE /a?uploadId=u', 'AbortMultipartUpload'],
])('%s is %s', (line, name) => expect(operation(line)).toBe(name));

test('a copy source tells copies from uploads', () => {
  const headers = { 'x-amz-copy-source': 'b/k' };
  expect(operation('PUT /a', headers)).toBe('CopyObject');
  expect(operation('PUT /a?partNumber=1&uploadId=u', headers)).toBe('UploadPartCopy');
});

test('a label may hold an encoded ARN', () => {
  const lambda = serviceModel('lambda')!;
  const route = findRoute(lambda, { method: 'POST', path: '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/invocations', query: new URLSearchParams(), headers: {} });
  expect([route?.operation.name, route?.labels]).toEqual(['Invoke', { FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:f' }]);
});

test.each([
  ['127.0.0.1:4566', '/b/k', { bucket: 'b', path: '/k' }],
  ['127.0.0.1:4566', '/b', { bucket: 'b', path: '/' }],
  ['127.0.0.1:4566', '/b//x/../y', { bucket: 'b', path: '//x/../y' }],
  ['127.0.0.1:4566', '/', { path: '/' }],
  ['localhost:4566', '/b/k', { bucket: 'b', path: '/k' }],
  ['b.localhost:4566', '/k', { bucket: 'b', path: '/k' }],
  ['my.bucket.s3.localhost:4566', '/k', { bucket: 'my.bucket', path: '/k' }],
  ['b.s3.eu-west-1.amazonaws.com', '/k', { bucket: 'b', path: '/k' }],
  ['s3.us-east-1.amazonaws.com', '/b/k', { bucket: 'b', path: '/k' }],
])('%s%s addresses %o', (host, path, address) => expect(s3Address({ host, path })).toEqual(address));
