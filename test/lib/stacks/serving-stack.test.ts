import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { describe, expect, it } from 'vitest';
import { ApiFrontDoor, EndpointVariant, Gpu, InferenceApi, InferenceEndpoint, PlatformStack, ServingImage, ServingStack, TargetSpec } from '../../../lib/index.ts';
import type { ServingStackProps } from '../../../lib/index.ts';
import { testApp } from '../support.ts';

const env = { region: 'us-east-1' };

function servingStack(props: Partial<ServingStackProps> = {}, app: App = testApp()): ServingStack {
  return new ServingStack(app, 'serving', { env, platform: new PlatformStack(app, 'platform', { env }).platform, ...props });
}

const outputs = (stack: Stack) => stack.node.children.flatMap((node) => (node instanceof CfnOutput ? [node.node.id] : []));
const image = ServingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1');

describe('ServingStack by itself', () => {
  it('has one prediction API, which is billed by the hour in nothing', () => {
    const stack = servingStack();
    expect(stack.targets.map(({ targetName }) => targetName)).toEqual(['staging']);
    expect(stack.staging).toBeInstanceOf(InferenceApi);
    expect([stack.production, stack.network]).toEqual([undefined, undefined]);
    expect(outputs(stack)).toEqual(['ApiUrl', 'DeploymentRecordKey', 'StagingTarget']);
    const template = Template.fromStack(stack);
    for (const type of ['AWS::EC2::VPC', 'AWS::EC2::VPCEndpoint', 'AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::LoadBalancer']) template.resourceCountIs(type, 0);
  });
});

describe('ServingStack with targets', () => {
  const targets = () => [
    TargetSpec.api(),
    TargetSpec.api({ targetName: 'rest', frontDoor: ApiFrontDoor.restApi() }),
    TargetSpec.service(),
    TargetSpec.gpu({ image, gpu: Gpu.count(1) }),
    TargetSpec.endpoint({ variant: EndpointVariant.instances('ml.c7g.large') }),
    TargetSpec.endpoint({ targetName: 'on-demand' }),
  ];
  const stack = servingStack({ targets: targets(), production: 'on-demand' });
  const template = Template.fromStack(stack);

  it('makes each under its name, with what the command line needs to find it', () => {
    expect(stack.targets.map(({ targetName, record }) => [targetName, record.key])).toEqual(['api', 'rest', 'service', 'gpu', 'endpoint', 'on-demand'].map((name) => [name, `deployments/${name}.json`]));
    expect(stack.target('on-demand')).toBeInstanceOf(InferenceEndpoint);
    expect(outputs(stack)).toEqual(['ApiUrl', 'DeploymentRecordKey', 'ProductionApiUrl', 'ProductionDeploymentRecordKey', 'ApiTarget', 'RestTarget', 'ServiceTarget', 'GpuTarget', 'EndpointTarget', 'OnDemandTarget']);
    template.resourceCountIs('AWS::ApiGateway::RestApi', 1);
  });

  it('lets services share a network, whose endpoints are billed once', () => {
    template.resourceCountIs('AWS::EC2::VPC', 1);
    expect(stack.network).toBeDefined();
    const services = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => JSON.stringify((Properties as { ServiceName: unknown }).ServiceName));
    expect(services.some((name) => name.includes('ecs-agent'))).toBe(true); // for the instances with GPUs
  });

  it('answers in the background with the models of what users are served by', () => {
    const inBackground = servingStack({ targets: [TargetSpec.api({ targetName: 'blue' }), TargetSpec.api({ targetName: 'green' })], production: 'green', asyncInference: {} });
    Template.fromStack(inBackground).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ RECORD_KEY: 'deployments/green.json', RESULT_BUCKET: Match.anyValue() }) } });
    expect(outputs(inBackground)).toContain('AsyncInferenceQueueUrl');
  });

  it('takes for staging the first that is not production, or the one that is named', () => {
    expect([stack.staging.targetName, stack.production?.targetName]).toEqual(['api', 'on-demand']);
    const two = () => [TargetSpec.api({ targetName: 'blue' }), TargetSpec.api({ targetName: 'green' })];
    expect(servingStack({ targets: two(), production: 'blue' }).staging.targetName).toBe('green');
    expect(servingStack({ targets: two(), staging: 'green' }).staging.targetName).toBe('green');
    expect(() => stack.target('blue')).toThrow("target is 'blue', expected the name of one of the targets: api, rest, service, gpu, endpoint, on-demand.");
  });
});

describe('the network of services', () => {
  const vpcOf = (stack: Stack) => new Vpc(stack, 'Theirs', { natGateways: 0 });

  it('is of its own where there is one service', () => {
    const stack = servingStack({ targets: [TargetSpec.service()] });
    expect(stack.network).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPC', 1);
  });

  it('is the one of the service, or of its cluster, where it names one', () => {
    const app = testApp();
    const ground = new Stack(app, 'Ground', { env });
    const vpc = vpcOf(ground);
    const stack = servingStack({ targets: [TargetSpec.service({ vpc }), TargetSpec.service({ targetName: 'clustered', cluster: new Cluster(ground, 'Cluster', { vpc }) })] }, app);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPC', 0);
  });

  it('has the endpoints that each of them asks for', () => {
    const app = testApp();
    const stack = servingStack({ targets: [TargetSpec.service(), TargetSpec.service({ targetName: 'other', executeCommand: true })] }, app);
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint'))).toContain('ssmmessages');
  });
});

describe('ServingStack refuses', () => {
  const two = () => [TargetSpec.api({ targetName: 'blue' }), TargetSpec.api({ targetName: 'green' })];
  it.each<[string, () => Partial<ServingStackProps>, RegExp]>([
    ['no target', () => ({ targets: [] }), /targets is empty, expected at least one/],
    ['two of one name', () => ({ targets: [TargetSpec.api(), TargetSpec.endpoint({ targetName: 'api' })] }), /targets has 'api' more than once, expected a targetName of its own/],
    ['a name that is none', () => ({ targets: [TargetSpec.api({ targetName: 'My API' })] }), /targetName is 'My API', expected kebab-case/],
    ['an unknown staging', () => ({ targets: two(), staging: 'red' }), /staging is 'red', expected the name of one of the targets: blue, green/],
    ['an unknown production', () => ({ targets: two(), production: 'red' }), /production is 'red', expected the name of one of the targets: blue, green/],
    ['production that is staging', () => ({ targets: two(), staging: 'blue', production: 'blue' }), /production is 'blue', which is what new models are tried out on/],
    ['production beside nothing', () => ({ targets: [TargetSpec.api()], production: 'api' }), /production is 'api', which is what new models are tried out on/],
  ])('%s', (_title, props, message) => {
    expect(() => servingStack(props())).toThrow(message);
  });

  it('a network that nothing is in', () => {
    const app = testApp();
    const vpc = new Vpc(new Stack(app, 'Ground', { env }), 'Theirs', { natGateways: 0 });
    expect(() => servingStack({ vpc }, app)).toThrow(/vpc is set, and no target would be in it/);
  });
});
