import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeWithOracle, oraclePython } from '../../support/oracle.ts';
import { temporaryDirectory } from '../support/assembly.ts';
import { testLaptop, type TestLaptop } from '../support/laptop.ts';

const run = promisify(execFile);

const app = { App: { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data', VersioningConfiguration: { Status: 'Enabled' } } } }, Outputs: { Name: { Value: { Ref: 'Data' } } } } };

// The endpoint is passed to each client: Debian's versions do not know AWS_ENDPOINT_URL yet, nor IfNoneMatch.
function environment({ awsEndpoint, credentials, region }: TestLaptop): NodeJS.ProcessEnv {
  return { ...process.env, AWS_ENDPOINT_URL: awsEndpoint, AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey, AWS_SESSION_TOKEN: '', AWS_DEFAULT_REGION: region, AWS_REGION: region, AWS_PAGER: '', AWS_CONFIG_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
}

describeWithOracle('aws-cli', 'the AWS CLI', () => {
  test('copies, lists, describes and tells errors as on AWS', async () => {
    const laptop = await testLaptop(app);
    const directory = temporaryDirectory();
    const aws = async (...args: string[]) => (await run('aws', ['--endpoint-url', laptop.awsEndpoint, ...args], { env: environment(laptop), cwd: directory })).stdout;
    // Above the CLI's threshold, so that it uploads in parts.
    const bytes = randomBytes(9_000_000);
    writeFileSync(path.join(directory, 'big'), bytes);
    await aws('s3', 'cp', 'big', 's3://data/a b/ü+big', '--only-show-errors');
    await aws('s3', 'cp', 's3://data/a b/ü+big', 'back', '--only-show-errors');
    const digest = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(digest(readFileSync(path.join(directory, 'back')))).toBe(digest(bytes));
    expect(await aws('s3', 'ls', 's3://data/', '--recursive')).toContain('9000000 a b/ü+big');
    expect(await aws('cloudformation', 'describe-stacks', '--query', 'Stacks[0].Outputs[0].OutputValue', '--output', 'text')).toBe('data\n');
    await expect(aws('s3api', 'get-object', '--bucket', 'data', '--key', 'none', 'x')).rejects.toThrow('An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.');
    await expect(aws('dynamodb', 'list-tables')).rejects.toThrow('An error occurred (NotImplemented) when calling the ListTables operation: dynamodb:ListTables is not served on the laptop.');
  }, 60_000);
});

const script = `
import boto3, json, os, urllib.request
from botocore.exceptions import ClientError
def client(service): return boto3.client(service, endpoint_url=os.environ['AWS_ENDPOINT_URL'])
s3 = client('s3')
cautious = client('s3')
cautious.meta.events.register('before-call.s3.PutObject', lambda params, **_: params['headers'].update({'If-None-Match': '*'}))
key = 'a b/\\u00fc+%2B'
put = s3.put_object(Bucket='data', Key=key, Body=b'hello', Metadata={'n': '1'})
got = s3.get_object(Bucket='data', Key=key, VersionId=put['VersionId'])
assert got['Body'].read() == b'hello' and got['Metadata'] == {'n': '1'}, got
assert [o['Key'] for o in s3.list_objects_v2(Bucket='data')['Contents']] == [key]
assert urllib.request.urlopen(s3.generate_presigned_url('get_object', Params={'Bucket': 'data', 'Key': key})).read() == b'hello'
def code(call):
    try: call()
    except ClientError as error: return [type(error).__name__, error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']]
codes = [
    code(lambda: s3.get_object(Bucket='data', Key='none')),
    code(lambda: s3.head_object(Bucket='data', Key='none')),
    code(lambda: cautious.put_object(Bucket='data', Key=key, Body=b'x')),
    code(lambda: s3.list_objects_v2(Bucket='none')),
    code(lambda: client('cloudformation').describe_stacks(StackName='none')),
    code(lambda: client('cloudformation').delete_stack(StackName='none')),
]
print(json.dumps([codes, client('sts').get_caller_identity()['Arn']]))
`;

describeWithOracle('boto3', 'boto3', () => {
  test('reads, writes, signs URLs and raises what AWS would', async () => {
    const { stdout } = await run(oraclePython, ['-c', script], { env: environment(await testLaptop(app)) });
    expect(JSON.parse(stdout)).toEqual([
      [
        ['NoSuchKey', 'NoSuchKey', 404],
        ['ClientError', '404', 404],
        ['ClientError', 'PreconditionFailed', 412],
        ['NoSuchBucket', 'NoSuchBucket', 404],
        ['ClientError', 'ValidationError', 400],
        ['ClientError', 'NotImplemented', 501],
      ],
      'arn:aws:iam::000000000000:user/operator',
    ]);
  }, 60_000);
});
