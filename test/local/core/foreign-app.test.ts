import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Aws, CfnCondition, CfnMapping, CfnOutput, CfnParameter, Fn, NestedStack, Stack, Stage, Tags } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { AnyPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { expect, test } from 'vitest';
import { loadAssembly } from '../../../local/assembly/manifest.ts';
import { startLaptop, type LaptopEvent } from '../../../local/index.ts';
import { temporaryDirectory } from '../support/assembly.ts';

/** An app of someone else's: nested and cross-stack references, conditions, mappings, a stage, a file asset. */
function synthesize(outdir: string, assetFolder: string): void {
  const app = new App({ outdir, analyticsReporting: false });
  const base = new Stack(app, 'Base');
  const bucket = new Bucket(base, 'Landing', { versioned: true, eventBridgeEnabled: true });
  bucket.addToResourcePolicy(new PolicyStatement({ actions: ['s3:GetObject'], principals: [new AnyPrincipal()], resources: [bucket.arnForObjects('*')] }));

  const stack = new Stack(app, 'Consumer');
  const role = new Role(stack, 'Worker', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')] });
  bucket.grantRead(role);
  const stage = new CfnParameter(stack, 'Kind', { default: 'small' });
  const isLarge = new CfnCondition(stack, 'IsLarge', { expression: Fn.conditionEquals(stage.valueAsString, 'large') });
  const sizes = new CfnMapping(stack, 'Sizes', { mapping: { 'us-east-1': { limit: 7 } } });
  const optional = new CfnBucket(stack, 'Optional');
  optional.cfnOptions.condition = isLarge;
  const asset = new Asset(stack, 'Files', { path: assetFolder });
  new CfnBudget(stack, 'Budget', { budget: { budgetType: 'COST', timeUnit: 'MONTHLY' } });
  new CfnOutput(stack, 'Limit', { value: sizes.findInMap(Aws.REGION, 'limit') });
  new CfnOutput(stack, 'RoleArn', { value: role.roleArn });
  new CfnOutput(stack, 'AssetUrl', { value: asset.s3ObjectUrl });
  const nested = new NestedStack(stack, 'Inner');
  new CfnOutput(stack, 'InnerBucket', { value: new Bucket(nested, 'Deep').bucketArn });
  Tags.of(app).add('team', 'other');

  const production = new Stage(app, 'Production');
  new Bucket(new Stack(production, 'Staged'), 'Only', { bucketName: 'staged-only' });
  app.synth();
}

test('a CDK app that knows nothing of the laptop comes up', async () => {
  const directory = temporaryDirectory();
  const assembly = path.join(directory, 'cdk.out');
  mkdirSync(path.join(directory, 'files'));
  writeFileSync(path.join(directory, 'files', 'a.txt'), 'asset');
  synthesize(assembly, path.join(directory, 'files'));
  expect(loadAssembly(assembly).assets.length).toBeGreaterThanOrEqual(2);

  const events: LaptopEvent[] = [];
  const laptop = await startLaptop({ assembly, stateDirectory: path.join(directory, 'state'), onEvent: (event) => events.push(event) });
  try {
    const outputs = Object.fromEntries(laptop.summary.stacks.flatMap(({ outputs: list }) => list.map(({ key, value }) => [key, value])));
    expect(outputs).toMatchObject({
      Limit: '7',
      RoleArn: expect.stringMatching(/^arn:aws:iam::000000000000:role\/Consumer-Worker/),
      AssetUrl: expect.stringMatching(/^s3:\/\/cdk-hnb659fds-assets-000000000000-us-east-1\/[0-9a-f]{64}\.zip$/),
      InnerBucket: expect.stringMatching(/^arn:aws:s3:::consumer-inner/),
    });
    expect(laptop.summary.declared).toMatchObject({ 'AWS::Budgets::Budget': 1 });

    const s3 = new S3Client({ endpoint: laptop.awsEndpoint, region: laptop.region, credentials: laptop.credentials, forcePathStyle: true });
    const names = (await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name!) ?? [];
    expect(names).toEqual([expect.stringMatching(/^base-landing/), expect.stringMatching(/^consumer-inner/), 'staged-only']);
    await s3.send(new PutObjectCommand({ Bucket: names[0]!, Key: 'k', Body: 'x' }));
    await expect.poll(() => events.some((event) => event.type === 'call' && event.operation === 'PutEvents')).toBe(true);
  } finally {
    await laptop.close();
  }
});
