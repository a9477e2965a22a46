import { Duration, Lazy, Size, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, Secret } from 'aws-cdk-lib/aws-ecs';
import type { CfnService } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret as OwnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { Gpu, ImageRepository, InferenceService, ServingImage, ServingNetwork } from '../../../lib/index.ts';
import type { InferenceServiceOptions } from '../../../lib/index.ts';
import { driveServiceEnv } from '../../../lambda/drive-service/env.ts';
import { ground, statementsOf, testStack } from '../support.ts';

const certificate = (stack: Stack) => Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/own');

function render(options: (stack: Stack) => InferenceServiceOptions = () => ({})) {
  const stack = testStack();
  const service = new InferenceService(stack, 'Staging', { platform: ground(stack).platform, ...options(stack) });
  return { stack, service, template: Template.fromStack(stack) };
}

const only = (template: Template, type: string) => Object.values(template.findResources(type))[0]!['Properties'] as Record<string, unknown>;
const container = (template: Template) => (only(template, 'AWS::ECS::TaskDefinition')['ContainerDefinitions'] as Record<string, unknown>[])[0]!;

describe('InferenceService by itself', () => {
  const { service, template } = render();

  it('runs the model server as nobody, without capabilities, on a file system that is read-only but for /tmp', () => {
    expect(container(template)).toMatchObject({
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
      MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'scratch' }],
      PortMappings: [{ ContainerPort: 8080 }],
    });
    expect(only(template, 'AWS::ECS::TaskDefinition')).toMatchObject({ Cpu: '1024', Memory: '2048', NetworkMode: 'awsvpc', RuntimePlatform: { CpuArchitecture: 'ARM64' }, Volumes: [{ Name: 'scratch' }] });
    expect(container(template)['Environment']).toEqual(expect.arrayContaining([{ Name: 'RECORD_KEY', Value: 'deployments/staging.json' }, { Name: 'TARGET_NAME', Value: 'staging' }, { Name: 'REVALIDATE_SECONDS', Value: '5' }, { Name: 'MAX_BATCH_ROWS', Value: '10000' }]));
  });

  it('asks a container whether it is alive by Node, and a task whether it has its model by its load balancer', () => {
    expect((container(template)['HealthCheck'] as { Command: string[] }).Command.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPath: '/ping', Port: 8080, TargetType: 'ip' });
  });

  it('rolls back what does not come up, opens no shell, tags its tasks', () => {
    template.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true }, MinimumHealthyPercent: 100 },
      EnableExecuteCommand: false,
      PropagateTags: 'SERVICE',
      EnableECSManagedTags: true,
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
  });

  it('is in a private network without NAT, whose endpoints it tells the price of', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
    const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => (Properties as { VpcEndpointType: string }).VpcEndpointType);
    expect(endpoints.sort()).toEqual(['Gateway', 'Interface', 'Interface', 'Interface']);
    const { network } = service.node.children.reduce<{ network?: ServingNetwork }>((found, child) => (child instanceof ServingNetwork ? { network: child } : found), {});
    expect(network?.monthlyUsd).toBe(43.8);
    expect(network?.node.metadata.map(({ data }) => String(data)).join()).toMatch(/3 interface endpoints.*2 zones cost about \$43\.80 a month/);
  });

  it('lets the network in, by plain HTTP, to an internal load balancer', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 80, Protocol: 'HTTP' });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/16', FromPort: 80, ToPort: 80 })] });
    expect(service.url).toMatch(/^http:\/\//);
  });

  it('may read its record and models, and start its image, and nothing else', () => {
    const actions = (role: RegExp) => [...new Set(statementsOf(template, role).flatMap((statement) => statement.actions))].sort();
    expect(actions(/TaskTaskRole/)).toEqual(['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket']);
    expect(actions(/ExecutionRole/)).toEqual(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer', 'logs:CreateLogStream', 'logs:PutLogEvents']);
    const read = statementsOf(template, /TaskTaskRole/).find((statement) => statement.actions.includes('s3:GetObject'));
    expect(read?.resources.map((resource) => /"\/([^"]+)"/.exec(resource)?.[1])).toEqual(['deployments/staging.json', 'models/*']);
  });

  it('scales between one task and four, by processor and by requests', () => {
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 4 });
    const metrics = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(({ Properties }) => (Properties as { TargetTrackingScalingPolicyConfiguration: { TargetValue: number; PredefinedMetricSpecification: { PredefinedMetricType: string } } }).TargetTrackingScalingPolicyConfiguration);
    expect(metrics.map(({ TargetValue, PredefinedMetricSpecification }) => [PredefinedMetricSpecification.PredefinedMetricType, TargetValue]).sort()).toEqual([['ALBRequestCountPerTarget', 12_000], ['ECSServiceAverageCPUUtilization', 60]]);
  });
});

describe('the count of tasks', () => {
  const asked = (template: Template) => only(template, 'AWS::CloudFormation::CustomResource') as { Service: Record<string, unknown>; StackTags?: unknown };

  it('is what the custom resource answers, which may look at this service alone', () => {
    const { template } = render();
    expect(only(template, 'AWS::ECS::Service')['DesiredCount']).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^StagingTaskCount/) as string, 'DesiredCount'] });
    expect(asked(template)).toMatchObject({ ServiceTimeout: 180 });
    const [read] = statementsOf(template, /TaskCountFunction/).filter(({ actions }) => actions.includes('ecs:DescribeServices'));
    expect(read?.resources.join()).toMatch(/service\/\*\/stack-staging-/);
  });

  it('is asked for whenever anything of the service changes: escape hatches, tags and what it refers to', () => {
    const { Service: service, ...place } = asked(render().template);
    const { DesiredCount: _, ...properties } = only(render().template, 'AWS::ECS::Service');
    expect(service).toEqual(properties);
    expect(place).toMatchObject({ ServiceName: properties['ServiceName'], Cluster: properties['Cluster'] });

    const stack = new Stack(testStack().node.root, 'Tagged', { env: { region: 'us-east-1' }, tags: { team: 'ours' } });
    const changed = new InferenceService(stack, 'Staging', { platform: ground(stack).platform });
    (changed.service.node.findChild('Service') as CfnService).addPropertyOverride('PlatformVersion', '1.4.0');
    Tags.of(changed).add('cost-center', '42');
    expect(asked(Template.fromStack(stack))).toMatchObject({ Service: { PlatformVersion: '1.4.0', Tags: [{ Key: 'cost-center', Value: '42' }] }, StackTags: [{ Key: 'team', Value: 'ours' }] });
  });
});

describe('the rollout of an InferenceService', () => {
  const { service, template } = render(() => ({ minTasks: 2 }));

  it('raises it to its fewest tasks before a version is tried out, and may change this service alone', () => {
    const driver = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties as { Description: string; Environment?: { Variables: Record<string, unknown> } }).find(({ Description }) => /fewest tasks/.test(Description));
    expect(driver?.Environment?.Variables).toMatchObject({ MIN_TASKS: '2', CLUSTER: { Ref: expect.stringMatching(/Cluster/) as string }, SERVICE_NAME: { 'Fn::GetAtt': [expect.stringMatching(/^StagingService/) as string, 'Name'] } });
    for (const name of driveServiceEnv) expect(driver?.Environment?.Variables).toHaveProperty(name);
    const statements = statementsOf(template, /DriverRole/).filter(({ actions }) => actions.some((action) => action.startsWith('ecs:')));
    expect(statements.map(({ actions }) => actions)).toEqual([['ecs:DescribeServices', 'ecs:UpdateService']]);
    expect(statements[0]?.resources.join()).toMatch(/:service\/.*StagingService.*Name/);
    expect(JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'))).toContain('ApplyDeployment');
  });

  it('tests a version from inside the network, which its load balancer lets in', () => {
    expect(service.rollout.stateMachine).toBeDefined();
    const tester = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties as { Description: string; VpcConfig?: object }).find(({ Description }) => /Asks staging for predictions/.test(Description));
    expect(tester?.VpcConfig).toBeDefined();
  });
});

describe('InferenceService with what is the user\'s own', () => {
  it('takes all of it, and makes none of its kind', () => {
    const stack = testStack();
    const { platform } = ground(stack);
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });
    const role = (name: string) => new Role(stack, name, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const [taskRole, executionRole, logGroup] = [role('Runs'), role('Starts'), new LogGroup(stack, 'MyLogs')];
    const count = (type: string) => Object.keys(Template.fromStack(stack).findResources(type)).filter((id) => !/Rollout|Driver|TestSecurityGroup/.test(id)).length;
    const service = new InferenceService(stack, 'Own', {
      platform,
      cluster: new Cluster(stack, 'MyCluster', { vpc, enableFargateCapacityProviders: true }),
      image: ServingImage.fromEcrRepository(new ImageRepository(stack, 'Images').repository, '1.0'),
      taskRole,
      executionRole,
      logGroup,
      certificate: certificate(stack),
      domainName: 'predict.example.com',
      taskSecurityGroups: [new SecurityGroup(stack, 'Tasks', { vpc })],
      loadBalancerSecurityGroup: new SecurityGroup(stack, 'Door', { vpc }),
      alarms: { enabled: false },
    });
    expect(service.url).toBe('https://predict.example.com');
    expect([service.taskRole, service.executionRole, service.logGroup, service.vpc]).toEqual([taskRole, executionRole, logGroup, vpc]);
    // Beside those two, the one of the function that reads the count; the rollout has its own.
    expect([count('AWS::IAM::Role'), count('AWS::ECS::Cluster'), count('AWS::EC2::VPC'), count('AWS::EC2::SecurityGroup'), count('AWS::Logs::LogGroup'), count('AWS::CloudWatch::Alarm')]).toEqual([3, 1, 1, 2, 2, 0]);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'HTTPS', Certificates: [{ CertificateArn: Match.stringLikeRegexp('certificate/own') }] });
    expect(statementsOf(template, /^Starts/).flatMap(({ actions }) => actions)).toContain('ecr:BatchGetImage');
    expect(statementsOf(template, /^Runs/).flatMap(({ actions }) => actions)).toContain('s3:GetObject');
  });

  it('shares a network with others', () => {
    const stack = testStack();
    const { platform } = ground(stack);
    const { vpc } = new ServingNetwork(stack, 'Network');
    for (const id of ['Blue', 'Green']) new InferenceService(stack, id, { platform, vpc });
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPC', 1);
  });
});

describe('InferenceService', () => {
  it('reads secrets when a task starts, for which its own network has an endpoint', () => {
    const { template } = render((stack) => ({ secrets: { API_KEY: Secret.fromSecretsManager(new OwnSecret(stack, 'Key')) } }));
    expect(container(template)['Secrets']).toEqual([{ Name: 'API_KEY', ValueFrom: { Ref: expect.stringMatching(/^Key/) as string } }]);
    expect(statementsOf(template, /ExecutionRole/).flatMap(({ actions }) => actions)).toContain('secretsmanager:GetSecretValue');
    expect(JSON.stringify(template.findResources('AWS::EC2::VPCEndpoint'))).toContain('.secretsmanager');
  });

  it('with a shell has a file system that is written to, and lets its agent out', () => {
    const { template } = render(() => ({ executeCommand: true }));
    expect(container(template)).toMatchObject({ ReadonlyRootFilesystem: false, LinuxParameters: { InitProcessEnabled: true, Capabilities: {} } });
    expect(JSON.stringify(container(template)['LinuxParameters'])).not.toContain('Drop');
    expect(statementsOf(template, /TaskTaskRole/).flatMap(({ actions }) => actions)).toContain('ssmmessages:OpenDataChannel');
    expect(JSON.stringify(template.findResources('AWS::EC2::VPCEndpoint'))).toContain('.ssmmessages');
  });

  it('for the internet speaks TLS alone, to whom it is told', () => {
    const { template } = render((stack) => ({ internetFacing: true, certificate: certificate(stack), domainName: 'predict.example.com', allowedPeers: [Peer.ipv4('203.0.113.0/24')] }));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '203.0.113.0/24', FromPort: 443 })] });
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
  });

  it('runs on the processor that its image is built for', () => {
    const { template } = render(() => ({ image: ServingImage.modelServer({ architecture: Architecture.X86_64 }) }));
    expect(only(template, 'AWS::ECS::TaskDefinition')).toMatchObject({ RuntimePlatform: { CpuArchitecture: 'X86_64' } });
  });

  it('grants nothing: who may ask is a matter of the network', () => {
    const stack = testStack();
    const service = new InferenceService(stack, 'Staging', { platform: ground(stack).platform });
    service.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(statementsOf(Template.fromStack(stack), /^Caller/)).toEqual([]);
  });
});

describe('InferenceService refuses', () => {
  it.each<[string, (stack: Stack) => InferenceServiceOptions, RegExp]>([
    ['a GPU, and says what has one', () => ({ gpu: Gpu.count(1) }), /gpu is set, and Fargate has no GPU.*Use GpuService/],
    ['a name that is no kebab-case', () => ({ targetName: 'Blue Green' }), /targetName is 'Blue Green', expected kebab-case/],
    ['no row', () => ({ maxBatchRows: 0 }), /maxBatchRows is 0/],
    ['half a row', () => ({ maxBatchRows: 1.5 }), /maxBatchRows is 1\.5, expected a whole number/],
    ['a record that is never read again', () => ({ revalidateAfter: Duration.hours(1) }), /revalidateAfter is 3600 s/],
    ['root', () => ({ user: '0:0' }), /user is '0:0', expected the numbers/],
    ['root by name', () => ({ user: 'root' }), /user is 'root'/],
    ['a variable of its own', () => ({ environment: { RECORD_KEY: 'other' } }), /environment sets RECORD_KEY, which Slipway sets/],
    ['a variable that is a secret too', (stack) => ({ environment: { A: '1' }, secrets: { A: Secret.fromSecretsManager(new OwnSecret(stack, 'Key')) } }), /A is in environment and in secrets/],
    ['the internet in the clear', () => ({ internetFacing: true, allowedPeers: [Peer.anyIpv4()] }), /internetFacing is true and there is no certificate/],
    ['the internet without a word of who may ask', (stack) => ({ internetFacing: true, certificate: certificate(stack), domainName: 'a.example.com' }), /internetFacing is true and allowedPeers is not set/],
    ['nobody', () => ({ allowedPeers: [] }), /allowedPeers is empty/],
    ['a certificate without its name', (stack) => ({ certificate: certificate(stack) }), /certificate is set and domainName is not/],
    ['a name without its certificate', () => ({ domainName: 'a.example.com' }), /domainName is set and certificate is not/],
    ['a size that Fargate has not', () => ({ cpu: 1000 }), /cpu is 1000, expected one of 256, 512/],
    ['memory that Fargate has not', () => ({ memorySizeMiB: 1024 }), /memorySizeMiB is 1024 MiB, expected 2048 to 8192 MiB in steps of 1024/],
    ['memory that the smallest has not', () => ({ cpu: 256, memorySizeMiB: 1536 }), /memorySizeMiB is 1536 MiB, expected 512, 1024 or 2048/],
    ['a small disk', () => ({ ephemeralStorageSize: Size.gibibytes(20) }), /ephemeralStorageSize is 20 GiB, expected 21 to 200/],
    ['no task', () => ({ minTasks: 0 }), /minTasks is 0, expected 1 to/],
    ['half a task', () => ({ minTasks: 1.5, maxTasks: 2.5 }), /minTasks is 1\.5.*[\s\S]*maxTasks is 2\.5/],
    ['fewer at most than at least', () => ({ minTasks: 3, maxTasks: 2 }), /maxTasks is 2 and minTasks is 3/],
    ['a processor that is always full', () => ({ targetCpuPercent: 100 }), /targetCpuPercent is 100 %/],
    ['no request', () => ({ targetRequestsPerMinute: 0 }), /targetRequestsPerMinute is 0/],
    ['more than all', () => ({ spotPercent: 101 }), /spotPercent is 101 %/],
    ['part of a percent', () => ({ spotPercent: 1.5 }), /spotPercent is 1\.5, expected a whole number/],
    ['fewer tasks than none', () => ({ onDemandTasks: -1 }), /onDemandTasks is -1/],
    ['an image for another processor', () => ({ architecture: Architecture.X86_64, image: ServingImage.modelServer() }), /architecture is x86_64, but the image is built for arm64/],
    ['an image that its network cannot reach', () => ({ image: ServingImage.fromUri('public.example/server:1') }), /image is 'public\.example\/server:1', which the network that is made here cannot reach/],
    ['an image that is not known', () => ({ image: ServingImage.fromUri(Lazy.string({ produce: () => 'r/s:1' })) }), /image is named by a token/],
    ['a network beside that of its cluster', (stack) => ({ vpc: new Vpc(stack, 'One'), cluster: new Cluster(stack, 'Other') }), /vpc and cluster are set/],
    ['a zone without a name', (stack) => ({ hostedZone: { zoneName: 'example.com' } as never, certificate: certificate(stack) }), /hostedZone is set and domainName is not/],
  ])('%s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });

  it('nothing of an image of its owner\'s that the owner\'s network reaches', () => {
    expect(() => render((stack) => ({ vpc: new Vpc(stack, 'Vpc'), image: ServingImage.fromUri('public.example/server:1') }))).not.toThrow();
    expect(() => render((stack) => ({ image: ServingImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Own', 'own'), '1') }))).not.toThrow();
  });
});
