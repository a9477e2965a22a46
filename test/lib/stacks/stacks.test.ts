import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { App, Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { Gate, PipelineStack, PlatformStack, ServingStack } from '../../../lib/index.ts';
import type { ModelPlatformProps, TrainingPipelineOptions } from '../../../lib/index.ts';
import { flaglessApp, learning, testApp } from '../support.ts';

const inRegion = { region: 'us-east-1' };

/** The test reads the validation's report itself. */
const reported = { '@aws-cdk/core:failSynthOnValidationErrors': false };

function stacks(app: App, prefix: string, platformProps: ModelPlatformProps = {}, pipelineOptions: Partial<TrainingPipelineOptions> = {}, env: Environment = inRegion) {
  const platform = new PlatformStack(app, `${prefix}-platform`, { env, platform: platformProps });
  const serving = new ServingStack(app, `${prefix}-serving`, { env, platform: platform.platform });
  const pipeline = new PipelineStack(app, `${prefix}-pipeline`, {
    env,
    pipeline: { platform: platform.platform, registry: platform.registry, target: serving.staging, ...learning, ...pipelineOptions },
  });
  return { platform, serving, pipeline };
}

/** What cdk-nag's AwsSolutions says of an app. */
function nag(app: App): string[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { directory } = app.synth();
  const report = JSON.parse(readFileSync(path.join(directory, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[] }[];
  };
  return report.pluginReports.flatMap(({ violations }) => violations.flatMap(({ ruleName, violatingConstructs }) => violatingConstructs.map(({ constructPath }) => `${constructPath} ${ruleName}`)));
}

describe('the stacks', () => {
  const app = testApp();
  const { platform, serving, pipeline } = stacks(app, 'one');

  it('tell by outputs what the command line asks for', () => {
    const outputs = (stack: Stack) => Object.keys(Template.fromStack(stack).findOutputs('*')).filter((name) => !name.startsWith('Exports'));
    expect(outputs(platform)).toEqual(['DataBucketName', 'ArtifactBucketName', 'ModelPackageGroupName', 'NotificationTopicArn']);
    expect(outputs(serving)).toEqual(['ApiUrl', 'DeploymentRecordKey', 'StagingTarget']);
    expect(outputs(pipeline)).toEqual(['StateMachineArn', 'StartFunctionName', 'DataPrefix', 'PipelineName']);
  });

  it('are deployed in their order', () => {
    expect(serving.dependencies).toEqual([platform]);
    expect(pipeline.dependencies).toEqual(expect.arrayContaining([platform, serving]));
    expect(platform.dependencies).toEqual([]);
  });

  it('take the pipeline\'s name from the stack where it has none', () => {
    expect(pipeline.pipeline.pipelineName).toBe('one-pipeline');
  });

  it('hand on removal policies to the registry', () => {
    const { platform: temporary } = stacks(testApp(), 'two', { removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(temporary).hasResource('AWS::SageMaker::ModelPackageGroup', { DeletionPolicy: 'Delete' });
  });
});

describe('a platform that adopts the group of an earlier stack', () => {
  it('makes none, lets the pipeline add versions to it, and tells its name', () => {
    const app = testApp();
    const platform = new PlatformStack(app, 'platform', { env: inRegion, existingModelPackageGroupName: 'old-models' });
    const serving = new ServingStack(app, 'serving', { env: inRegion, platform: platform.platform });
    const pipeline = new PipelineStack(app, 'pipeline', { env: inRegion, pipeline: { platform: platform.platform, registry: platform.registry, target: serving.staging, ...learning } });
    const template = Template.fromStack(platform);
    template.resourceCountIs('AWS::SageMaker::ModelPackageGroup', 0);
    template.hasOutput('ModelPackageGroupName', { Value: 'old-models' });
    expect(JSON.stringify(Template.fromStack(pipeline).toJSON())).toMatch(/model-package\/old-models\/\*/);
  });

  it('takes no props for a new one besides', () => {
    expect(() => new PlatformStack(testApp(), 'platform', { existingModelPackageGroupName: 'old-models', registry: {} })).toThrow(/platform: registry and existingModelPackageGroupName are both set/);
  });
});

describe('cdk-nag', () => {
  it('is asked: it finds what nobody acknowledged', () => {
    const app = testApp(reported);
    new Bucket(stacks(app, 'small').platform, 'Careless');
    expect(nag(app)).toEqual(['small-platform/Careless/Resource AwsSolutions-S1', 'small-platform/Careless/Resource AwsSolutions-S10']);
  });

  it('finds nothing in the stacks as they are', () => {
    const app = testApp(reported);
    stacks(app, 'small');
    expect(nag(app)).toEqual([]);
  });

  it('finds nothing without feature flags, and where region and account are known at deployment alone', () => {
    const app = flaglessApp(reported);
    stacks(app, 'plain', {}, {}, {});
    expect(nag(app)).toEqual([]);
  });

  it('finds nothing with a customer key, a network, a schedule and gates', () => {
    const app = testApp(reported);
    const base = new Stack(app, 'base', { env: inRegion });
    const encryptionKey = new Key(base, 'Key', { enableKeyRotation: true });
    const vpc = new Vpc(base, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    vpc.addFlowLog('Flow');
    stacks(app, 'large', { encryptionKey }, {
      vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, schedule: Schedule.cron({ hour: '1', minute: '2' }), gates: [Gate.metric('auc').above(0.7)],
    });
    expect(nag(app)).toEqual([]);
  });
});
