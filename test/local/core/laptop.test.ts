import path from 'node:path';
import { CloudFormationClient, DescribeStackResourcesCommand, DescribeStacksCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, DeleteBucketCommand, GetObjectCommand, HeadBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { startLaptop, StateDirectoryBusyError } from '../../../local/index.ts';
import { temporaryDirectory, writeAssembly } from '../support/assembly.ts';
import { testLaptop } from '../support/laptop.ts';

const bucket = (Properties: object = {}, rest: object = {}) => ({ Type: 'AWS::S3::Bucket', Properties, ...rest });

test('stacks, outputs and physical ids are found as on AWS', async () => {
  const { client, summary } = await testLaptop({
    MyApp: {
      Description: 'an app',
      Resources: { Data: bucket(), Budget: { Type: 'AWS::Budgets::Budget', Properties: {} } },
      Outputs: { Name: { Value: { Ref: 'Data' }, Description: 'where data go', Export: { Name: 'MyApp:Data' } } },
    },
  });
  const cloudformation = new CloudFormationClient(client);
  const { Stacks: [stack] = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'MyApp' }));
  expect(stack).toMatchObject({ StackName: 'MyApp', StackStatus: 'CREATE_COMPLETE', Description: 'an app', Outputs: [{ OutputKey: 'Name', OutputValue: expect.stringMatching(/^myapp-data-[0-9a-z]{12}$/), ExportName: 'MyApp:Data' }] });
  const { StackResources } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: stack!.StackId }));
  expect(StackResources?.map(({ LogicalResourceId, ResourceType }) => [LogicalResourceId, ResourceType])).toEqual([['Budget', 'AWS::Budgets::Budget'], ['Data', 'AWS::S3::Bucket']]);
  expect((await cloudformation.send(new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }))).StackSummaries).toHaveLength(1);
  await expect(cloudformation.send(new DescribeStacksCommand({ StackName: 'None' }))).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack with id None does not exist' });
  expect(summary.declared).toEqual({ 'AWS::Budgets::Budget': 1 });
});

test('callers are told apart by their keys; a session of a role is one', async () => {
  const { client } = await testLaptop({ App: { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', Path: '/path/', AssumeRolePolicyDocument: {} } } } } });
  const sts = new STSClient(client);
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000', Arn: 'arn:aws:iam::000000000000:user/operator' });
  const { Credentials: session } = await sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/path/worker', RoleSessionName: 'me' }));
  const credentials = { accessKeyId: session!.AccessKeyId!, secretAccessKey: session!.SecretAccessKey!, sessionToken: session!.SessionToken! };
  expect(await new STSClient({ ...client, credentials }).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: 'arn:aws:sts::000000000000:assumed-role/worker/me' });
  await expect(sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/nobody', RoleSessionName: 'me' }))).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  const strangers = { ...client, credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' } };
  await expect(new STSClient(strangers).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } });
  await expect(new S3Client({ ...strangers, forcePathStyle: true }).send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
});

test('what is kept outlives the laptop: objects, keys, names; what left the template goes only when it is empty', async () => {
  const directory = temporaryDirectory();
  const stateDirectory = path.join(directory, 'state');
  const up = (resources: object) => startLaptop({ assembly: writeAssembly(path.join(directory, 'cdk.out'), { App: { Resources: resources } }), stateDirectory });
  const first = await up({ Data: bucket(), Empty: bucket({ BucketName: 'empty' }), Full: bucket({ BucketName: 'full' }), Kept: bucket({ BucketName: 'kept' }, { DeletionPolicy: 'Retain' }), Swept: bucket({ BucketName: 'swept', Tags: [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }] }) });
  const client = (laptop: typeof first) => new S3Client({ endpoint: laptop.awsEndpoint, region: laptop.region, credentials: first.credentials, forcePathStyle: true });
  const { Buckets: [data] = [] } = await client(first).send(new ListBucketsCommand({}));
  for (const Bucket of [data!.Name!, 'full', 'swept']) await client(first).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
  await expect(up({})).rejects.toThrow(StateDirectoryBusyError);
  await first.close();

  const second = await up({ Data: bucket() });
  const s3 = client(second);
  expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([data!.Name, 'full', 'kept']);
  expect(await (await s3.send(new GetObjectCommand({ Bucket: data!.Name!, Key: 'k' }))).Body!.transformToString()).toBe('kept');
  await second.close();
});

test('buckets by the API, addressed by path or by host', async () => {
  const { client, awsEndpoint } = await testLaptop({});
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'made-by-hand' }));
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'made-by-hand' }))).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'Not_Valid' }))).rejects.toMatchObject({ name: 'InvalidBucketName' });
  await s3.send(new PutObjectCommand({ Bucket: 'made-by-hand', Key: 'k', Body: 'x' }));
  await expect(s3.send(new DeleteBucketCommand({ Bucket: 'made-by-hand' }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });

  const hosted = new S3Client({ ...client, endpoint: awsEndpoint.replace('127.0.0.1', 'localhost') });
  // Whether *.localhost resolves is the machine's business: the connection goes to the laptop, the host name stays.
  hosted.middlewareStack.add((next) => (args) => { (args.request as { hostname: string }).hostname = '127.0.0.1'; return next(args); }, { step: 'deserialize', priority: 'low' });
  expect(await hosted.send(new HeadBucketCommand({ Bucket: 'made-by-hand' }))).toMatchObject({ BucketRegion: 'us-east-1' });
});
