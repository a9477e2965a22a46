import { Annotations as CdkAnnotations, Duration, Size, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PermissionsBoundary, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { startPipelineEnv } from '../../../lambda/start-pipeline/env.ts';
import { defaultChecks } from '../../../model/spec/check.ts';
import { Algorithm, Column, DataCheck, Dataset, Feature, Gate, Label, ModelPlatform, ModelRegistry, Split, TrainingPipeline } from '../../../lib/index.ts';
import type { TrainingPipelineOptions } from '../../../lib/index.ts';
import { ground, learning, OwnTarget, statementsOf, testStack } from '../support.ts';
import { actionsOf, argumentsOf, machineOf, render } from './render.ts';

const lambdaBasics = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
/** Where a role may read or write, such as `Bucket:/raw/flights/*`. */
const placesOf = (template: Template, role: RegExp, action: string) =>
  statementsOf(template, role).filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources.map((resource) => /"\/([^"]*)"\]/.exec(resource)?.[1] ?? resource)).sort();

describe('TrainingPipeline by itself', () => {
  const { stack, pipeline, template, machine } = render();

  it('takes its name and prefix from its id', () => {
    expect(pipeline.pipelineName).toBe('flights');
    expect(pipeline.dataPrefix).toBe('raw/flights/');
  });

  it('runs a standard state machine with logs, traces and no name of its own', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      StateMachineName: Match.absent(),
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^/aws/vendedlogs/states/'), RetentionInDays: 14 });
  });

  it('starts on a new object under its prefix, with retries and a dead-letter queue', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { bucket: { name: [{ Ref: Match.stringLikeRegexp('DataBucket') }] }, object: { key: [{ prefix: 'raw/flights/' }] } } },
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() }, RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 7200 } })],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike(Object.fromEntries(startPipelineEnv.map((name) => [name, Match.anyValue()]))) },
      DeadLetterConfig: { TargetArn: Match.anyValue() },
    });
  });

  it('reports what no Catch sees', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [{ Ref: Match.stringLikeRegexp('StateMachine') }], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('FunctionsNotify'), 'Arn'] } })],
    });
    template.resourceCountIs('AWS::Events::Rule', 2);
    expect([pipeline.newObjectRule, pipeline.scheduleRule, pipeline.runEndedRule].map((rule) => rule !== undefined)).toEqual([true, false, true]);
  });

  it('gives each function a role of its own with the least that it needs', () => {
    const expected: Record<string, string[]> = {
      ValidateData: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject'],
      PrepareData: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject'],
      ConvertModel: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      ValidateModel: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject'],
      RegisterModel: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 'sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage', 'sagemaker:DescribeModelPackageGroup', 'sagemaker:ListModelPackages'],
      Notify: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject', 'sns:Publish', 'sqs:SendMessage', 'states:DescribeExecution'],
    };
    for (const [name, actions] of Object.entries(expected)) {
      expect(actionsOf(template, new RegExp(`^FlightsFunctions${name}Role`)), name).toEqual([...actions, ...lambdaBasics].sort());
    }
    expect(actionsOf(template, /^FlightsStartRole/)).toEqual(['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 'sqs:SendMessage', 'states:StartExecution', ...lambdaBasics].sort());
    expect(placesOf(template, /ValidateDataRole/, 's3:GetObject')).toEqual(['baselines/flights/baseline.json', 'raw/flights/*', 'reports/flights/*']);
    expect(placesOf(template, /ValidateDataRole/, 's3:PutObject')).toEqual(['quarantine/flights/*', 'reports/flights/*']);
    expect(placesOf(template, /PrepareDataRole/, 's3:GetObject')).toEqual(['raw/flights/*', 'reports/flights/*/dataset.json']);
    expect(placesOf(template, /ValidateModelRole/, 's3:GetObject')).toEqual(['deployments/own.json', 'intermediates/flights/*', 'models/flights/*', 'reports/flights/*']);
    expect(placesOf(template, /ConvertModelRole/, 's3:PutObject')).toEqual(['models/flights/*']);
  });

  it('lets notify ask for the executions of this machine, by a policy that comes after the machine', () => {
    const describes = statementsOf(template, /NotifyRole/).find(({ actions }) => actions.includes('states:DescribeExecution'));
    expect(describes?.resources).toHaveLength(1);
    expect(describes?.resources[0]).toMatch(/:states:us-east-1:.*:execution:.*FlightsStateMachine[^"]*","Name"\]},":\*"/);
    // Otherwise function, machine and policy would wait for each other.
    const resources = template.toJSON()['Resources'] as Record<string, { Type: string; DependsOn?: string[]; Properties?: { PolicyDocument?: unknown } }>;
    const [policy] = Object.entries(resources).find(([, { Properties }]) => JSON.stringify(Properties?.PolicyDocument ?? {}).includes('FlightsStateMachine') && JSON.stringify(Properties?.PolicyDocument ?? {}).includes('states:DescribeExecution'))!;
    expect(Object.entries(resources).filter(([, { DependsOn = [] }]) => DependsOn.includes(policy))).toEqual([]);
  });

  it('lets training reach its channels, its image, its logs and its metrics only', () => {
    expect(actionsOf(template, /^FlightsTrainingRole/)).toEqual([
      'cloudwatch:PutMetricData', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer', 'logs:CreateLogGroup',
      'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents', 's3:AbortMultipartUpload', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject',
    ]);
    expect(placesOf(template, /^FlightsTrainingRole/, 's3:PutObject')).toEqual(['intermediates/flights/*']);
    const statements = statementsOf(template, /^FlightsTrainingRole/);
    expect(statements.find(({ actions }) => actions.includes('cloudwatch:PutMetricData'))?.condition).toMatchObject({ StringEquals: { 'cloudwatch:namespace': expect.any(Array) } });
    expect(statements.find(({ actions }) => actions.includes('ecr:BatchGetImage'))?.resources[0]).toContain('683313688378:repository/sagemaker-xgboost');
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({ Principal: { Service: 'sagemaker.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } })],
      }),
    });
  });

  it('lets the state machine start its own jobs, pass one role and wait for the end', () => {
    const statements = statementsOf(template, /^FlightsStateMachineRole/);
    const jobs = statements.find(({ actions }) => actions.includes('sagemaker:CreateTrainingJob'));
    expect(jobs?.resources[0]).toMatch(/:training-job\/flights-[0-9a-f]{8}-\*/);
    expect(statements.find(({ actions }) => actions.includes('sagemaker:ListTags'))?.resources).toEqual(['*']);
    const pass = statements.find(({ actions }) => actions.includes('iam:PassRole'));
    expect(pass?.resources[0]).toMatch(/FlightsTrainingRole/);
    expect(pass?.condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
    expect(statements.find(({ actions }) => actions.includes('events:PutRule'))?.resources[0]).toMatch(/rule\/StepFunctionsGetEventsForSageMakerTrainingJobsRule/);
    expect(statements.find(({ actions }) => actions.includes('lambda:InvokeFunction'))?.resources).toHaveLength(6);
    expect(placesOf(template, /^FlightsStateMachineRole/, 's3:PutObject')).toEqual(['baselines/flights/baseline.json']);
    const name = String(argumentsOf(machine, 'TrainModel')['TrainingJobName']);
    expect(name).toContain(/training-job\/(flights-[0-9a-f]{8}-)/.exec(jobs!.resources[0]!)![1]!);
  });

  it('has room for 240 MiB of data, in the memory that a new account may give', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 3008, EphemeralStorage: { Size: 1472 }, Timeout: 900, Architectures: ['arm64'] });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    expect(argumentsOf(machine, 'ValidateData')['Payload']).toMatchObject({ checks: defaultChecks, maximumBytes: 240 * 1024 * 1024 });
  });

  it('exposes what it made', () => {
    const functions = [
      pipeline.validateDataFunction, pipeline.prepareDataFunction, pipeline.convertModelFunction, pipeline.validateModelFunction,
      pipeline.registerModelFunction, pipeline.notifyFunction,
    ];
    expect(functions.map(({ node }) => node.path.split('/').at(-2))).toEqual([
      'ValidateData', 'PrepareData', 'ConvertModel', 'ValidateModel', 'RegisterModel', 'Notify',
    ]);
    expect(pipeline.securityGroups).toEqual([]);
    for (const made of [pipeline.stateMachine, pipeline.stateMachineRole, pipeline.stateMachineLogGroup, pipeline.trainingRole, pipeline.startFunction, pipeline.deadLetterQueue]) expect(made).toBeDefined();
  });
});

describe('TrainingPipeline with every prop', () => {
  const { template, machine, pipeline } = render({
    pipelineName: 'late-flights',
    dataset: new Dataset({ columns: [Column.integer('delay'), Column.string('origin')], label: Label.above('delay', 30, 'late') }),
    features: [Feature.category('origin')],
    algorithm: Algorithm.xgboost({ numRound: 77 }),
    split: Split.byRowHash({ train: 0.6, validation: 0.2, test: 0.2 }),
    gates: [Gate.metric('auc').above(0.9), Gate.metric('log_loss').below(0.4)],
    instanceType: 'ml.c5.2xlarge',
    instanceCount: 1,
    volumeSize: Size.gibibytes(55),
    maxTrainingTime: Duration.minutes(10),
    timeout: Duration.hours(2),
    checks: [DataCheck.rows({ minimum: 5 }), DataCheck.nulls({ maximumShare: 0 }).warn(), DataCheck.drift().fail(), DataCheck.leakage({ columns: ['origin'] }).off()],
    maximumDataSize: Size.gibibytes(1),
    autoStart: false,
    schedule: Schedule.cron({ hour: '3', minute: '0' }),
    tracing: false,
    logExecutionData: true,
    architecture: Architecture.X86_64,
  });

  it('honours what is learned', () => {
    expect(pipeline.dataPrefix).toBe('raw/late-flights/');
    expect(argumentsOf(machine, 'ValidateData')['Payload']).toMatchObject({
      schema: { columns: [{ name: 'delay' }, { name: 'origin' }], label: { threshold: 30 } },
      checks: [
        ...defaultChecks.filter(({ check }) => !['rows', 'nulls', 'drift'].includes(check)),
        { check: 'rows', level: 'fail', bound: 5 },
        { check: 'nulls', level: 'warn', bound: 0 },
        { check: 'drift', level: 'fail', bound: 0.1 },
        { check: 'leakage', level: 'off', bound: 0.98, columns: ['origin'] },
      ],
      maximumBytes: 1024 ** 3,
    });
    expect(argumentsOf(machine, 'PrepareData')['Payload']).toMatchObject({ features: [{ transform: 'category', column: 'origin' }], split: { kind: 'rowHash', train: 0.6, validation: 0.2, test: 0.2 } });
    expect(argumentsOf(machine, 'ValidateModel')['Payload']).toMatchObject({
      gates: [{ metric: 'auc', comparison: 'above', threshold: 0.9 }, { metric: 'log_loss', comparison: 'below', threshold: 0.4 }],
    });
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({
      HyperParameters: { num_round: '77', objective: 'binary:logistic' },
      ResourceConfig: { InstanceType: 'ml.c5.2xlarge', InstanceCount: 1, VolumeSizeInGB: 55 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    });
    expect(machine.States['TrainModel']?.TimeoutSeconds).toBe(4200);
    expect(machine.TimeoutSeconds).toBe(7200);
  });

  it('honours how it runs', () => {
    expect([pipeline.newObjectRule, pipeline.scheduleRule].map((rule) => rule !== undefined)).toEqual([false, true]);
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(0 3 * * ? *)', Targets: [Match.objectLike({ Input: '{"trigger":"schedule"}' })] });
    expect(Object.values(template.findResources('AWS::Events::Rule')).some(({ Properties }) => JSON.stringify(Properties).includes('aws.s3'))).toBe(false);
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { TracingConfiguration: { Enabled: false }, LoggingConfiguration: Match.objectLike({ IncludeExecutionData: true }) });
    template.allResourcesProperties('AWS::Lambda::Function', { Architectures: ['x86_64'], TracingConfig: Match.absent() });
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 6144, EphemeralStorage: { Size: 4608 } });
    expect(actionsOf(template, /./).filter((action) => action.startsWith('xray:'))).toEqual([]);
  });
});

describe('TrainingPipeline on resources of one\'s own', () => {
  const stack = testStack();
  const encryptionKey = new Key(stack, 'Key');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });
  const securityGroup = new SecurityGroup(stack, 'Group', { vpc });
  const trainingRole = new Role(stack, 'MyTraining', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  const stateMachineRole = new Role(stack, 'MyStates', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  const stateMachineLogGroup = new LogGroup(stack, 'MyLogs', { logGroupName: '/aws/vendedlogs/states/mine' });
  const deadLetterQueue = Queue.fromQueueArn(stack, 'Letters', 'arn:aws:sqs:us-east-1:123456789012:letters');
  const platform = new ModelPlatform(stack, 'Platform', {
    encryptionKey,
    dataBucket: Bucket.fromBucketName(stack, 'Data', 'my-data'),
    artifactBucket: Bucket.fromBucketAttributes(stack, 'Artifacts', { bucketName: 'my-artifacts', encryptionKey }),
    notificationTopic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:123456789012:mine'),
    monthlyBudgetUsd: 0,
  });
  const pipeline = new TrainingPipeline(stack, 'Flights', {
    platform,
    registry: ModelRegistry.fromModelPackageGroupName(stack, 'Registry', 'mine'),
    target: new OwnTarget(Bucket.fromBucketName(stack, 'Records', 'my-records')),
    ...learning,
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroups: [securityGroup],
    trainingRole,
    stateMachineRole,
    stateMachineLogGroup,
    deadLetterQueue,
  });
  pipeline.grantStart(new Role(stack, 'Starter', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const template = Template.fromStack(stack);
  const machine = machineOf(template);

  it('uses them', () => {
    expect(pipeline.trainingRole).toBe(trainingRole);
    expect(pipeline.stateMachineRole).toBe(stateMachineRole);
    expect(pipeline.stateMachineLogGroup).toBe(stateMachineLogGroup);
    expect(pipeline.securityGroups).toEqual([securityGroup]);
    expect(pipeline.deadLetterQueue).toBe(deadLetterQueue);
    template.allResourcesProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:letters' } })] });
    template.resourceCountIs('AWS::SQS::Queue', 0);
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MyStates'), 'Arn'] } });
    template.hasResourceProperties('AWS::Events::Rule', { EventPattern: Match.objectLike({ detail: { bucket: { name: ['my-data'] }, object: Match.anyValue() } }) });
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ MODEL_PACKAGE_GROUP: 'mine' }) } });
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ RECORD_BUCKET: 'my-records', RECORD_KEY: 'deployments/own.json' }) } });
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:mine' }) } });
  });

  it('trains in the network, and lets SageMaker make its interfaces', () => {
    expect(argumentsOf(machine, 'TrainModel')['VpcConfig']).toMatchObject({ Subnets: [expect.any(String), expect.any(String)], SecurityGroupIds: [expect.any(String)] });
    expect(actionsOf(template, /^MyTraining/)).toEqual(expect.arrayContaining(['ec2:CreateNetworkInterface', 'ec2:DescribeVpcs']));
  });

  it('encrypts with the key, and lets every role that needs it use it', () => {
    const key = expect.stringContaining('key/');
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({ OutputDataConfig: { KmsKeyId: key }, ResourceConfig: { VolumeKmsKeyId: key } });
    expect(actionsOf(template, /^MyTraining/)).toEqual(expect.arrayContaining(['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo']));
    for (const role of [/ConvertModelRole/, /NotifyRole/, /^MyStates/]) expect(actionsOf(template, role), String(role)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']));
  });

  it('lets a principal start a run by hand', () => {
    expect(statementsOf(template, /^Starter/)).toMatchObject([{ actions: ['lambda:InvokeFunction'] }]);
  });
});

describe('TrainingPipeline', () => {
  const classes = { dataset: new Dataset({ columns: [Column.string('species'), Column.number('mass')], label: Label.category('species') }), features: [Feature.numeric('mass')] };

  it('tells the training of several classes how many the data has', () => {
    const { machine } = render({ ...classes, gates: [Gate.metric('macro_f1').above(0.8)] });
    expect(argumentsOf(machine, 'TrainModel')['HyperParameters']).toMatchObject({ objective: 'multi:softprob', eval_metric: 'mlogloss', num_class: '{% $string($prepared.classes) %}' });
    expect(argumentsOf(render().machine, 'TrainModel')['HyperParameters']).not.toHaveProperty('num_class');
  });

  it('carries the weight column from the dataset to the training job', () => {
    const dataset = new Dataset({ columns: [Column.string('species'), Column.number('mass'), Column.number('counts')], label: Label.category('species'), weight: 'counts' });
    const { machine } = render({ ...classes, dataset });
    expect(argumentsOf(machine, 'PrepareData')).toMatchObject({ Payload: { schema: { weight: 'counts' } } });
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({ HyperParameters: { csv_weights: '1' }, InputDataConfig: [{ ContentType: 'text/csv' }, { ContentType: 'text/csv' }] });
    expect(() => render({ ...classes, dataset, features: [Feature.numeric('counts')] })).toThrow(/a column other than the weight/);
  });

  it('names every gate that does not fit several classes', () => {
    expect(() => render({ ...classes, gates: [Gate.metric('auc').above(0.8), Gate.metric('r2').above(0.8)] })).toThrow(/2 problems\n.*'auc'.*multi-class.*\n.*'r2'.*macro_f1/);
  });

  it('gives no volume key to instances with disks of their own, which SageMaker would reject', () => {
    const stack = testStack();
    const platform = new ModelPlatform(stack, 'Platform', { encryptionKey: new Key(stack, 'Key') });
    new TrainingPipeline(stack, 'Flights', { platform, registry: new ModelRegistry(stack, 'Registry'), target: new OwnTarget(platform.artifactBucket), ...learning, instanceType: 'ml.g4dn.xlarge' });
    expect(argumentsOf(machineOf(Template.fromStack(stack)), 'TrainModel')['ResourceConfig']).not.toHaveProperty('VolumeKmsKeyId');
  });

  it('warns of functions that need more memory than a new account may give, until that is acknowledged', () => {
    const large = { maximumDataSize: Size.mebibytes(241) };
    const { stack } = render(large);
    Annotations.fromStack(stack).hasWarning('/Stack/Flights', Match.stringLikeRegexp('3012 MiB.*3008 MB.*maximumDataSize; 240 MiB.*AWS Support.*slipway:lambdaMemoryQuota'));
    const { stack: asked, pipeline } = render(large);
    CdkAnnotations.of(pipeline).acknowledgeWarning('slipway:lambdaMemoryQuota');
    Annotations.fromStack(asked).hasNoWarning('*', Match.anyValue());
  });

  it('makes a security group where it has a network and none is given', () => {
    const stack = testStack();
    const { pipeline, template } = render({ vpc: new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }] }) }, stack);
    expect(pipeline.securityGroups).toHaveLength(1);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
  });

  it('takes a permissions boundary on every role', () => {
    const stack = testStack();
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::123456789012:policy/boundary'));
    render({}, stack).template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary' });
  });

  it('gives its tags to training jobs', () => {
    const stack = testStack();
    Tags.of(stack).add('team', 'ml');
    expect(argumentsOf(render({}, stack).machine, 'TrainModel')['Tags']).toEqual(
      expect.arrayContaining([{ Key: 'team', Value: 'ml' }, { Key: 'slipway:pipeline', Value: 'flights' }]),
    );
  });

  it('keeps two pipelines of a stack apart', () => {
    const stack = testStack();
    const { platform, registry } = ground(stack);
    const target = new OwnTarget(platform.artifactBucket);
    for (const id of ['One', 'Two']) new TrainingPipeline(stack, id, { platform, registry, target, ...learning });
    const names = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')).flatMap(({ Properties }) => (Properties as { LogGroupName?: string }).LogGroupName ?? []);
    expect(new Set(names).size).toBe(2);
  });
});

describe('TrainingPipeline refuses', () => {
  it.each<[string, Partial<TrainingPipelineOptions>, RegExp]>([
    ['a name that is no kebab-case', { pipelineName: 'Flights!' }, /pipelineName is 'Flights!', expected kebab-case/],
    ['a name too long for a job\'s', { pipelineName: 'a'.repeat(33) }, /at most 32 characters/],
    ['no features', { features: [] }, /features: length is 0/],
    ['a feature of a column that is not there', { features: [Feature.numeric('speed')] }, /column is "speed"/],
    ['the label as a feature', { features: [Feature.numeric('delay')] }, /other than the label/],
    ['an objective that cannot learn the label', { algorithm: Algorithm.xgboost({ numRound: 1, objective: 'reg:squarederror' }) }, /objective is 'reg:squarederror', expected binary:logistic for the label 'delay' \(binary\)/],
    ['a gate on what is not measured for the label', { gates: [Gate.metric('rmse').below(3)] }, /'rmse', which is not measured for the label 'delay' \(binary\), expected one of auc, accuracy/],
    ['an instance type without ml.', { instanceType: 'm5.xlarge' }, /instanceType is 'm5.xlarge', expected a SageMaker instance type/],
    ['no instances', { instanceCount: 0 }, /instanceCount is 0/],
    ['a volume that is too small', { volumeSize: Size.mebibytes(100) }, /volumeSize is .* GiB, expected 1 to/],
    ['a volume of no whole size', { volumeSize: Size.mebibytes(1536) }, /volumeSize in GiB is 1.5, expected a whole number/],
    ['training that may not take a minute', { maxTrainingTime: Duration.seconds(5) }, /maxTrainingTime is 5 s/],
    ['training of no whole seconds', { maxTrainingTime: Duration.millis(60_500) }, /^Stack\/Flights: maxTrainingTime is 60.5 s, expected a whole number of seconds\.$/],
    ['a run of no whole seconds', { timeout: Duration.millis(7_200_500) }, /timeout is 7200.5 s, expected a whole number of seconds/],
    ['a run shorter than its training', { maxTrainingTime: Duration.hours(2), timeout: Duration.hours(1) }, /timeout is 3600 s, expected more than maxTrainingTime/],
    ['a run shorter than the default training', { timeout: Duration.minutes(30) }, /timeout is 1800 s, expected more than maxTrainingTime, 3600 s/],
    ['a check of a column that is not there', { checks: [DataCheck.nulls({ columns: ['speed'] })] }, /DataCheck.nulls names the column 'speed', expected one of delay, distance/],
    ['a check twice at one level', { checks: [DataCheck.rows({ minimum: 5 }), DataCheck.rows({ minimum: 6 })] }, /DataCheck.rows is declared twice at the level fail/],
    ['a check that is off and on', { checks: [DataCheck.drift({ columns: ['delay'] }).off(), DataCheck.drift({ columns: ['delay', 'distance'] }).fail()] }, /DataCheck.drift of 'delay' is off and fail at once/],
    ['more data than a function has room for', { maximumDataSize: Size.gibibytes(3) }, /maximumDataSize is 3221225472 bytes.*2048 MiB/],
    ['no data', { maximumDataSize: Size.bytes(0) }, /maximumDataSize is 0 bytes/],
    ['subnets without a network', { vpcSubnets: {} }, /vpcSubnets is set without vpc/],
    ['security groups without a network', { securityGroups: [] }, /securityGroups is set without vpc/],
  ])('%s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });

  it('a target of one\'s own whose revalidation takes no whole seconds', () => {
    const stack = testStack();
    const { platform, registry } = ground(stack);
    const target = Object.assign(new OwnTarget(platform.artifactBucket), { revalidateAfter: Duration.millis(1500) });
    expect(() => new TrainingPipeline(stack, 'Flights', { platform, registry, target, ...learning })).toThrow(/target.revalidateAfter is 1.5 s, expected a whole number/);
  });

  it('everything at once', () => {
    expect(() => render({ pipelineName: 'No!', instanceCount: 0, checks: [DataCheck.types({ columns: ['speed'] })] })).toThrow(/Stack\/Flights: 3 problems\n {2}- pipelineName.*\n {2}- instanceCount.*\n {2}- DataCheck.types/);
  });
});
