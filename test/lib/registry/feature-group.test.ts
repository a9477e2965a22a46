import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { Algorithm, Column, Dataset, Feature, Label, ModelPlatform, ModelRegistry, TrainingPipeline } from '../../../lib/index.ts';
import type { FeatureGroupOptions } from '../../../lib/index.ts';
import { OwnTarget, statementsOf, testStack } from '../support.ts';
import { machineOf } from '../pipeline/machine.ts';

const dataset = new Dataset({
  columns: [Column.string('customer'), Column.timestamp('date'), Column.integer('orders'), Column.number('total spent'), Column.boolean('member'), Column.integer('seconds'), Column.integer('churned')],
  label: Label.binary('churned'),
});

function render(featureGroup: FeatureGroupOptions = { recordIdentifier: 'customer', eventTime: 'date' }, platformProps: { encryptionKey?: true } = {}) {
  const stack = testStack();
  const platform = new ModelPlatform(stack, 'Platform', platformProps.encryptionKey === undefined ? {} : { encryptionKey: new Key(stack, 'Key') });
  const pipeline = new TrainingPipeline(stack, 'Shop', {
    platform, registry: new ModelRegistry(stack, 'Registry'), target: new OwnTarget(platform.artifactBucket), dataset, features: [Feature.numeric('orders')], algorithm: Algorithm.xgboost({ numRound: 3 }), featureGroup,
  });
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  pipeline.featureGroup?.grantRead(reader);
  const template = Template.fromStack(stack);
  const branch = (machineOf(template).States['DeployModel'] as unknown as { Branches: { StartAt: string; States: Record<string, { Next?: string; End?: boolean; Arguments: { Payload: Record<string, unknown> } }> }[] }).Branches[1]!;
  return { pipeline, template, branch };
}

describe('a feature group', () => {
  it('keeps every column but the label, online alone, under a name of its own', () => {
    const { template, pipeline } = render();
    template.hasResourceProperties('AWS::SageMaker::FeatureGroup', {
      FeatureGroupName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^stack-shop-?featuregroup.*-[0-9a-f]{6}-$'), Match.anyValue()]] },
      RecordIdentifierFeatureName: 'customer',
      EventTimeFeatureName: 'date',
      FeatureDefinitions: [
        { FeatureName: 'customer', FeatureType: 'String' },
        { FeatureName: 'date', FeatureType: 'String' },
        { FeatureName: 'orders', FeatureType: 'Integral' },
        { FeatureName: 'total_spent', FeatureType: 'Fractional' },
        { FeatureName: 'member', FeatureType: 'Integral' },
        { FeatureName: 'seconds', FeatureType: 'Integral' },
      ],
      OnlineStoreConfig: { EnableOnlineStore: true },
      OfflineStoreConfig: Match.absent(),
      RoleArn: Match.absent(),
    });
    template.hasResource('AWS::SageMaker::FeatureGroup', { DeletionPolicy: 'RetainExceptOnCreate' });
    expect(pipeline.updateFeatureStoreFunction).toBeDefined();
    expect(pipeline.featureGroup?.offlineRole).toBeUndefined();
  });

  it('gets the newest records before the baseline follows', () => {
    const { branch, template } = render();
    expect([branch.StartAt, branch.States['UpdateFeatureStore']?.Next, branch.States['UpdateBaseline']?.End]).toEqual(['UpdateFeatureStore', 'UpdateBaseline', true]);
    expect(branch.States['UpdateFeatureStore']?.Arguments.Payload).toMatchObject({
      dataset: '{% $validation.dataset %}', online: true, maximumRecords: 500_000, writesPerSecond: 1000,
      group: { recordIdentifier: 'customer', eventTime: 'date', features: expect.arrayContaining([{ column: 'total spent', name: 'total_spent', type: 'Fractional' }]) as unknown },
    });
    const role = statementsOf(template, /UpdateFeatureStoreRole/);
    const write = role.find(({ actions }) => actions.includes('sagemaker:PutRecord'));
    expect(write?.actions).toEqual(['sagemaker:BatchGetRecord', 'sagemaker:PutRecord']);
    expect(write?.resources.join()).toMatch(/:feature-group\/",\{"Ref":"ShopFeatureGroup/);
    expect(statementsOf(template, /^Reader/)).toMatchObject([{ actions: ['sagemaker:BatchGetRecord', 'sagemaker:GetRecord'] }]);
    expect(statementsOf(template, /StateMachineRole/).find(({ actions }) => actions.includes('lambda:InvokeFunction'))?.resources).toHaveLength(7);
  });

  it('keeps records offline as well, under a role that may write there and nowhere else', () => {
    const { template } = render({ recordIdentifier: 'customer', eventTime: 'date', offline: true });
    template.hasResource('AWS::SageMaker::FeatureGroup', {
      Properties: {
        OfflineStoreConfig: { S3StorageConfig: { S3Uri: { 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('Artifact') }, '/features/shop']] } }, DisableGlueTableCreation: true },
        RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('OfflineRole'), 'Arn'] },
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('OfflineRoleDefaultPolicy')]),
    });
    // AWS does not say that Feature Store names the account: a group whose role cannot be assumed is not created.
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Writes the offline store of the feature group.',
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'sagemaker.amazonaws.com' }, Condition: { StringEqualsIfExists: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, StringEquals: Match.absent() } }] },
    });
    expect(statementsOf(template, /OfflineRole/).map(({ actions, resources }) => [actions, resources.map((resource) => /"\/([^"]*)"\]/.exec(resource)?.[1] ?? 'the bucket')])).toEqual([
      [['s3:PutObject', 's3:PutObjectAcl'], ['features/shop/*']],
      [['s3:GetBucketAcl'], ['the bucket']],
    ]);
  });

  it('honours every option', () => {
    const options = { recordIdentifier: 'orders', eventTime: 'seconds', columns: ['member'], featureGroupName: 'My_Group', online: false, offline: true, maximumRecords: 9000, writesPerSecond: 50 };
    const { template, branch, pipeline } = render(options);
    template.hasResourceProperties('AWS::SageMaker::FeatureGroup', {
      FeatureGroupName: 'My_Group',
      FeatureDefinitions: [{ FeatureName: 'orders', FeatureType: 'Integral' }, { FeatureName: 'seconds', FeatureType: 'Fractional' }, { FeatureName: 'member', FeatureType: 'Integral' }],
      OnlineStoreConfig: Match.absent(),
    });
    expect(branch.States['UpdateFeatureStore']?.Arguments.Payload).toMatchObject({ online: false, maximumRecords: 9000, writesPerSecond: 50 });
    expect(statementsOf(template, /UpdateFeatureStoreRole/).find(({ actions }) => actions.includes('sagemaker:PutRecord'))?.actions).toEqual(['sagemaker:PutRecord']);
    expect(pipeline.featureGroup?.featureGroupArn).toMatch(/feature-group\/my_group$/);
  });

  it.each([
    [Duration.days(14), { Unit: 'Weeks', Value: 2 }],
    [Duration.hours(36), { Unit: 'Hours', Value: 36 }],
    [Duration.seconds(90), { Unit: 'Seconds', Value: 90 }],
  ])('lets records go after %s', (timeToLive, TtlDuration) => {
    render({ recordIdentifier: 'customer', eventTime: 'date', timeToLive }).template.hasResourceProperties('AWS::SageMaker::FeatureGroup', { OnlineStoreConfig: { TtlDuration } });
  });

  it('encrypts both stores with the key, and lets who writes and reads use it', () => {
    const { template } = render({ recordIdentifier: 'customer', eventTime: 'date', offline: true }, { encryptionKey: true });
    const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
    template.hasResourceProperties('AWS::SageMaker::FeatureGroup', { OnlineStoreConfig: { SecurityConfig: { KmsKeyId: key } }, OfflineStoreConfig: { S3StorageConfig: { KmsKeyId: key } } });
    expect(statementsOf(template, /OfflineRole/).flatMap(({ actions }) => actions)).toContain('kms:GenerateDataKey');
    for (const role of [/UpdateFeatureStoreRole/, /^Reader/]) expect(statementsOf(template, role).flatMap(({ actions }) => actions)).toContain('kms:Decrypt');
  });

  const known = { recordIdentifier: 'customer', eventTime: 'date' };

  it('is another one where what cannot be changed is another', () => {
    const name = (options: FeatureGroupOptions, platform?: { encryptionKey: true }) => JSON.stringify(Object.values(render(options, platform).template.findResources('AWS::SageMaker::FeatureGroup'))[0]?.['Properties']['FeatureGroupName']);
    expect(name({ recordIdentifier: 'customer', eventTime: 'date' })).not.toBe(name({ recordIdentifier: 'customer', eventTime: 'seconds' }));
    expect(name({ recordIdentifier: 'customer', eventTime: 'date' })).toBe(name({ recordIdentifier: 'customer', eventTime: 'date', timeToLive: Duration.days(1), maximumRecords: 9 }));
    // UpdateFeatureGroup adds no store and changes no key, so that CloudFormation replaces the group: under the same name it cannot.
    const names = [name(known), name({ ...known, offline: true }), name({ ...known, offline: true, online: false }), name(known, { encryptionKey: true }), name({ ...known, offline: true }, { encryptionKey: true })];
    expect(new Set(names).size).toBe(names.length);
  });

  it.each<[string, FeatureGroupOptions, RegExp]>([
    ['an identifier that is no column', { ...known, recordIdentifier: 'client' }, /there is no column 'client', expected some of customer, date/],
    ['an identifier that is a fraction', { ...known, recordIdentifier: 'total spent' }, /recordIdentifier 'total spent' is a number, expected a string or an integer/],
    ['a time that is a text', { recordIdentifier: 'orders', eventTime: 'customer' }, /eventTime 'customer' is a string, expected a timestamp/],
    ['one column for both', { recordIdentifier: 'orders', eventTime: 'orders' }, /both 'orders', expected two columns/],
    ['no store', { ...known, online: false }, /both false, expected one or both/],
    ['a time to live offline alone', { ...known, online: false, offline: true, timeToLive: Duration.days(1) }, /timeToLive is set without an online store/],
    ['a time to live of no whole seconds', { ...known, timeToLive: Duration.millis(1500) }, /featureGroup.timeToLive is 1.5 s, expected a whole number/],
    ['a name with a space', { ...known, featureGroupName: 'my group' }, /featureGroupName is 'my group', expected up to 64 letters/],
    ['half a record', { ...known, maximumRecords: 1.5 }, /maximumRecords is 1.5, expected a whole number/],
    ['more writes than the account has', { ...known, writesPerSecond: 10_001 }, /writesPerSecond is 10001, expected 1 to 10000/],
    ['more records than there is time for', { ...known, maximumRecords: 900_000 }, /maximumRecords is 900,000, which takes 900 s at 1,000 writes a second, expected at most 840 s: lower it to 840,000, or raise writesPerSecond/],
    ['records at a rate for which there is no time', { ...known, writesPerSecond: 100 }, /500,000, which takes 5,000 s at 100 writes a second/],
  ])('refuses %s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });
});

it('a pipeline without one has neither group nor function', () => {
  const stack = testStack();
  const platform = new ModelPlatform(stack, 'Platform');
  const pipeline = new TrainingPipeline(stack, 'Shop', { platform, registry: new ModelRegistry(stack, 'Registry'), target: new OwnTarget(platform.artifactBucket), dataset, features: [Feature.numeric('orders')], algorithm: Algorithm.xgboost({ numRound: 3 }) });
  expect([pipeline.featureGroup, pipeline.updateFeatureStoreFunction]).toEqual([undefined, undefined]);
  Template.fromStack(stack).resourceCountIs('AWS::SageMaker::FeatureGroup', 0);
});
