import { Duration, Size, Tags, Token } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { Algorithm, Column, Dataset, Label, ModelPlatform, ModelRegistry, TrainingImage, TrainingPipeline, Tuning, TuningRange } from '../../../lib/index.ts';
import type { TrainingPipelineOptions } from '../../../lib/index.ts';
import { learning, OwnTarget, statementsOf, testStack } from '../support.ts';
import { actionsOf, argumentsOf, machineOf, render } from './render.ts';

const job = (options: Partial<TrainingPipelineOptions>, stack = testStack()) => argumentsOf(render(options, stack).machine, 'TrainModel');
const training = /^FlightsTrainingRole/;
const resourcesFor = (template: Template, role: RegExp, action: string) => statementsOf(template, role).filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);

const keyNamed = (stack: Stack, name: string) => Key.fromKeyArn(stack, name, `arn:aws:kms:us-east-1:123456789012:key/${name}`);

describe('a training job by default', () => {
  it('is one isolated instance on demand, given back at its end', () => {
    const rendered = job({});
    expect(rendered).toMatchObject({ EnableNetworkIsolation: true, ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 } });
    for (const member of ['EnableManagedSpotTraining', 'CheckpointConfig', 'EnableInterContainerTrafficEncryption', 'Environment', 'VpcConfig']) expect(rendered).not.toHaveProperty(member);
    expect(rendered['ResourceConfig']).not.toHaveProperty('KeepAlivePeriodInSeconds');
    expect(rendered['AlgorithmSpecification']).not.toHaveProperty('MetricDefinitions');
    expect(rendered['StoppingCondition']).toEqual({ MaxRuntimeInSeconds: 3600 });
  });
});

describe('each prop of a training job is honoured:', () => {
  it('useSpot, with checkpoints of the run and a bounded wait', () => {
    const { machine } = render({ useSpot: true, maxTrainingTime: Duration.hours(2) });
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 7200, MaxWaitTimeInSeconds: 10_800 },
      CheckpointConfig: { S3Uri: expect.stringMatching(/intermediates\/flights\/' & \$states\.context\.Execution\.Name & '\/checkpoints/) as string },
    });
    expect(machine.States['TrainModel']?.TimeoutSeconds).toBe(10_800 + 3600);
  });

  it('maxWaitTime', () => {
    expect(job({ useSpot: true, maxWaitTime: Duration.hours(3) })['StoppingCondition']).toEqual({ MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 10_800 });
  });

  it('keepAlivePeriod', () => {
    expect(job({ keepAlivePeriod: Duration.minutes(20) })['ResourceConfig']).toMatchObject({ KeepAlivePeriodInSeconds: 1200 });
  });

  it('instanceCount: the parts of the data, what the instances tell each other, and their network', () => {
    const stack = testStack();
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    const { machine, template } = render({ instanceCount: 3, vpc }, stack);
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({
      EnableInterContainerTrafficEncryption: true,
      ResourceConfig: { InstanceCount: 3 },
      InputDataConfig: [{ DataSource: { S3DataSource: { S3DataDistributionType: 'ShardedByS3Key' } } }, { DataSource: { S3DataSource: { S3DataDistributionType: 'FullyReplicated' } } }],
    });
    expect(argumentsOf(machine, 'PrepareData')['Payload']).toMatchObject({ training: { parts: 3 } });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    const alone = testStack();
    render({ vpc: new Vpc(alone, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }] }) }, alone).template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  it('interContainerEncryption', () => {
    expect(job({ instanceCount: 2, interContainerEncryption: false })).not.toHaveProperty('EnableInterContainerTrafficEncryption');
    expect(job({ interContainerEncryption: true })).toMatchObject({ EnableInterContainerTrafficEncryption: true });
  });

  it('networkIsolation', () => {
    expect(job({ networkIsolation: false })).toMatchObject({ EnableNetworkIsolation: false });
  });

  it('volumeEncryptionKey and outputEncryptionKey, each with what the roles need of it', () => {
    const stack = testStack();
    const [volume, output] = [keyNamed(stack, 'Volume'), keyNamed(stack, 'Output')];
    const { machine, template } = render({ volumeEncryptionKey: volume, outputEncryptionKey: output }, stack);
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({
      ResourceConfig: { VolumeKmsKeyId: expect.stringContaining('Volume') as string }, OutputDataConfig: { KmsKeyId: expect.stringContaining('Output') as string },
    });
    expect(resourcesFor(template, training, 'kms:CreateGrant')).toEqual([expect.stringContaining('Volume')]);
    expect(resourcesFor(template, training, 'kms:Encrypt')).toEqual([expect.stringContaining('Output')]);
    expect(resourcesFor(template, /ConvertModelRole/, 'kms:Decrypt')).toEqual([expect.stringContaining('Output')]);
  });

  it('a platform with a key lets training use that one alone', () => {
    const stack = testStack();
    const platform = new ModelPlatform(stack, 'Platform', { encryptionKey: keyNamed(stack, 'Key') });
    new TrainingPipeline(stack, 'Flights', { platform, registry: new ModelRegistry(stack, 'Registry'), target: new OwnTarget(platform.artifactBucket), ...learning, volumeEncryptionKey: keyNamed(stack, 'Volume') });
    const template = Template.fromStack(stack);
    expect(argumentsOf(machineOf(template), 'TrainModel')).toMatchObject({ ResourceConfig: { VolumeKmsKeyId: expect.stringContaining('Volume') as string }, OutputDataConfig: { KmsKeyId: expect.stringContaining('Key') as string } });
    expect(resourcesFor(template, training, 'kms:CreateGrant')).toEqual([expect.stringContaining('Volume')]);
  });

  it('trainingTags, of jobs alone', () => {
    const { machine, template } = render({ trainingTags: { 'cost-center': 'ml-7' } });
    expect(argumentsOf(machine, 'TrainModel')['Tags']).toEqual(expect.arrayContaining([{ Key: 'cost-center', Value: 'ml-7' }]));
    expect(JSON.stringify(Object.values(template.findResources('AWS::StepFunctions::StateMachine')).map(({ Properties }) => (Properties as { Tags?: unknown }).Tags ?? []))).not.toContain('ml-7');
  });

  it('metricDefinitions', () => {
    expect(job({ metricDefinitions: [{ name: 'loss', regex: 'loss=([0-9.]+)' }] })['AlgorithmSpecification']).toMatchObject({ MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }] });
  });

  it('trainingEnvironment', () => {
    expect(job({ trainingEnvironment: { LOG_LEVEL: 'debug' } })).toMatchObject({ Environment: { LOG_LEVEL: 'debug' } });
  });

  it('secrets: by their ARNs, which the training role alone may read', () => {
    const stack = testStack();
    const encryptionKey = new Key(stack, 'SecretKey');
    const secret = Secret.fromSecretAttributes(stack, 'Token', { secretCompleteArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Token-abcdef', encryptionKey });
    const named = Secret.fromSecretNameV2(stack, 'Named', 'team/token');
    const { machine, template } = render({ secrets: { HUB_TOKEN: secret, OTHER: named }, networkIsolation: false }, stack);
    expect(argumentsOf(machine, 'TrainModel')['Environment']).toEqual({ HUB_TOKEN: expect.stringContaining('Token') as string, OTHER: expect.stringContaining('secret:team/token') as string });
    expect(resourcesFor(template, training, 'secretsmanager:GetSecretValue')).toEqual([expect.stringContaining('Token'), expect.stringContaining('secret:team/token-??????')]);
    expect(resourcesFor(template, training, 'kms:Decrypt')).toEqual([expect.stringContaining('SecretKey')]);
    expect(actionsOf(template, /Functions|StateMachine/).filter((action) => action.startsWith('secretsmanager:'))).toEqual([]);
  });

  it('fallbackInstanceTypes, with a key only where they take one', () => {
    const stack = testStack();
    const config = job({ instanceType: 'ml.g4dn.xlarge', fallbackInstanceTypes: ['ml.p3.2xlarge'], volumeEncryptionKey: keyNamed(stack, 'Volume'), volumeSize: Size.gibibytes(40) }, stack)['ResourceConfig'] as unknown as string;
    expect(config).toMatch(/^\{% \[\{"InstanceType":"ml\.g4dn\.xlarge","InstanceCount":1,"VolumeSizeInGB":40\},\{"InstanceType":"ml\.p3\.2xlarge",.*"VolumeKmsKeyId":".*Volume.*"\}\]\[\$instance\] %\}$/);
  });
});

const key = () => new Key(testStack(), 'Key');
const tuning = Tuning.random({ ranges: [TuningRange.integer('maxDepth', 2, 8)] });
const secret = () => new Secret(testStack(), 'Secret');

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${String(index)}`, 'x']));
const own = (hyperParameters: { [name: string]: string }) => Algorithm.container({ image: TrainingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1'), hyperParameters });

describe('a training job is refused with', () => {
  it.each<[string, Partial<TrainingPipelineOptions>, RegExp]>([
    ['an instance count of no whole number', { instanceCount: 1.5 }, /instanceCount is 1.5, expected a whole number/],
    ['an instance count that is not known', { instanceCount: Token.asNumber({ Ref: 'Count' }) }, /instanceCount is a token, expected a number that is known at synth: .* as many parts/],
    ['a wait without spare capacity', { maxWaitTime: Duration.hours(2) }, /maxWaitTime is set without useSpot/],
    ['a wait that ends before the training', { useSpot: true, maxTrainingTime: Duration.hours(2), maxWaitTime: Duration.hours(1) }, /maxWaitTime is 3600 s, expected at least maxTrainingTime, 7200 s/],
    ['a wait that is too long', { useSpot: true, timeout: Duration.days(40), maxWaitTime: Duration.days(29) }, /maxWaitTime is 2505600 s, expected 1 to 2419200 s/],
    ['a run that ends before the wait', { useSpot: true, timeout: Duration.minutes(90) }, /timeout is 5400 s, expected more than maxWaitTime, 7200 s/],
    ['instances that stay too long', { keepAlivePeriod: Duration.hours(2) }, /keepAlivePeriod is 7200 s, expected 0 to 3600 s/],
    ['spare capacity that stays', { keepAlivePeriod: Duration.minutes(1), useSpot: true }, /keepAlivePeriod is 60 s with useSpot, expected one of them: SageMaker keeps no instances of spare capacity/],
    ['secrets that nobody can fetch', { secrets: { TOKEN: secret() } }, /secrets holds TOKEN under networkIsolation, expected networkIsolation: false: the container asks Secrets Manager/],
    ['a key for disks that encrypt themselves', { volumeEncryptionKey: key(), instanceType: 'ml.m5d.xlarge', fallbackInstanceTypes: ['ml.g5.xlarge'] }, /volumeEncryptionKey is set for ml.m5d.xlarge, ml.g5.xlarge, whose disks encrypt themselves/],
    ['a fallback without ml.', { fallbackInstanceTypes: ['m5.large'] }, /fallbackInstanceTypes\[0\] is 'm5.large', expected a SageMaker instance type/],
    ['the same instances again', { fallbackInstanceTypes: ['ml.m5.large', 'ml.m5.xlarge'] }, /fallbackInstanceTypes\[1\] is 'ml.m5.xlarge', which is tried before/],
    ['a tag of AWS', { trainingTags: { 'aws:team': 'x' } }, /trainingTags holds 'aws:team', expected a key that does not begin with aws:/],
    ['a tag of Slipway', { trainingTags: { 'slipway:pipeline': 'x' } }, /trainingTags holds 'slipway:pipeline', which Slipway sets itself/],
    ['a tag that is too long', { trainingTags: { team: 'x'.repeat(257) } }, /trainingTags\['team'\] has 257 characters, expected at most 256/],
    ['too many tags', { trainingTags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${String(i)}`, ''])) }, /the number of trainingTags is 51, expected 0 to 50/],
    ['a metric without a value', { metricDefinitions: [{ name: 'loss', regex: 'loss=[0-9]+' }] }, /metricDefinitions\[0\].regex is 'loss=\[0-9\]\+', expected a group in parentheses/],
    ['a metric that is no expression', { metricDefinitions: [{ name: 'loss', regex: '(' }] }, /metricDefinitions\[0\].regex is '\(', expected a regular expression/],
    ['a metric twice', { metricDefinitions: [{ name: 'a', regex: '(a)' }, { name: 'a', regex: '(b)' }] }, /metricDefinitions\[1\].name is 'a', which comes before/],
    ['a metric without a name', { metricDefinitions: [{ name: '', regex: '(a)' }] }, /metricDefinitions\[0\].name is empty/],
    ['too many metrics', { metricDefinitions: Array.from({ length: 41 }, (_, i) => ({ name: `m${String(i)}`, regex: '(a)' })) }, /the number of metricDefinitions is 41/],
    ['a variable that is none', { trainingEnvironment: { 'LOG-LEVEL': 'x' } }, /trainingEnvironment holds 'LOG-LEVEL', expected the name of an environment variable/],
    ['a secret under a name that is no variable', { secrets: { '1': secret() }, networkIsolation: false }, /secrets holds '1', expected the name/],
    ['a variable that is too long', { trainingEnvironment: { A: 'x'.repeat(513) } }, /trainingEnvironment\['A'\] has 513 characters, expected at most 512/],
    ['fallbacks of a tuning', { tuning, fallbackInstanceTypes: ['ml.m5.large'] }, /fallbackInstanceTypes is set with tuning/],
    ['a tuning that keeps its instances', { tuning, keepAlivePeriod: Duration.minutes(1) }, /keepAlivePeriod is set with tuning/],
    ['too many variables', { trainingEnvironment: many(100), secrets: { TOKEN: secret() }, networkIsolation: false }, /the number of trainingEnvironment and secrets together is 101, expected 0 to 100/],
    ['too many variables of a trial', { trainingEnvironment: many(49), tuning }, /together is 49, expected 0 to 48/],
    ['too many hyperparameters', { algorithm: own(many(101)) }, /the number of hyperparameters is 101, expected 0 to 100/],
    ['a hyperparameter whose name is too long', { algorithm: own({ ['x'.repeat(257)]: '' }) }, /the name of the hyperparameter 'x+' has 257 characters, expected at most 256/],
    ['a hyperparameter that is too long', { algorithm: own({ words: 'x'.repeat(2501) }) }, /the hyperparameter 'words' has 2501 characters, expected at most 2500/],
    ['a tag whose key is too long', { trainingTags: { ['x'.repeat(129)]: '' } }, /the key 'x+' of trainingTags has 129 characters, expected at most 128/],
    ['a metric whose name is too long', { metricDefinitions: [{ name: 'x'.repeat(256), regex: '(a)' }] }, /metricDefinitions\[0\].name has 256 characters, expected at most 255/],
    ['a metric whose expression is too long', { metricDefinitions: [{ name: 'a', regex: `(${'x'.repeat(499)})` }] }, /metricDefinitions\[0\].regex has 501 characters, expected at most 500/],
    ['security groups without a network', { securityGroups: [] }, /securityGroups is set without vpc/],
    ['subnets without a network', { vpcSubnets: {} }, /vpcSubnets is set without vpc/],
    ['a variable that is two things', { trainingEnvironment: { A: '1' }, secrets: { A: secret() }, networkIsolation: false }, /'A' stands in trainingEnvironment and in secrets/],
  ])('%s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });
});

describe('a pipeline is refused', () => {
  it.each([[0, /the number of securityGroups is 0, expected 1 to 5/], [6, /the number of securityGroups is 6, expected 1 to 5/]])('with %s security groups', (count, message) => {
    const stack = testStack();
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    const securityGroups = Array.from({ length: count }, (_, index) => SecurityGroup.fromSecurityGroupId(stack, `Group${String(index)}`, `sg-${String(index)}`));
    expect(() => render({ vpc, securityGroups }, stack)).toThrow(message);
  });

  it('whose jobs would have more than 50 tags, those of its stack among them', () => {
    const tagged = (count: number) => {
      const stack = testStack();
      for (const [key, value] of Object.entries(many(count))) Tags.of(stack).add(key, value);
      return () => render({ trainingTags: { team: 'ml' } }, stack);
    };
    expect(tagged(48)).not.toThrow();
    expect(tagged(49)).toThrow(/training jobs have 51 tags .*, expected at most 50: SageMaker would refuse every job/);
  });

  it('whose declarations no task could be handed', () => {
    const columns = (count: number) => new Dataset({ columns: [Column.integer('delay'), Column.number('distance'), ...Array.from({ length: count }, (_, index) => Column.number(`column_${String(index)}`))], label: Label.above('delay', 15, 'late') });
    expect(() => render({ dataset: columns(3000) })).not.toThrow();
    expect(() => render({ dataset: columns(6000) })).toThrow(/what ValidateData hands its function of columns, features, checks and gates has [\d,]+ bytes, expected at most 229,376, since Step Functions hands a task 256 KiB in all/);
  });
});
