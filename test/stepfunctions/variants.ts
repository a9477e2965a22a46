import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Template } from 'aws-cdk-lib/assertions';
import { Algorithm, Approval, Column, Dataset, Feature, Gate, Label, ModelPlatform, ModelRegistry, RiskRating, ServingImage, Split, TrainingFramework, TrainingImage, TrainingPipeline, Tuning, TuningRange } from '../../lib/index.ts';
import type { TrainingPipelineOptions } from '../../lib/index.ts';
import { templateStack } from '../../scripts/synth/assembly.ts';
import type { Template as RawTemplate, TemplateStack } from '../../scripts/synth/assembly.ts';
import type { AslMachine } from '../../scripts/synth/definitions.ts';
import { References } from '../../scripts/synth/references.ts';
import { production } from '../lib/every-prop/pipeline-cases.ts';
import { OwnTarget, testStack } from '../lib/support.ts';

const columns = [Column.timestamp('date', { nullable: false }), Column.integer('delay'), Column.number('distance', { minimum: 0 }), Column.string('origin'), Column.number('counts', { nullable: false })];
const dataset = new Dataset({ columns, label: Label.above('delay', 15, 'late') });
const ranges = [TuningRange.continuous('eta', 0.1, 0.3).logarithmic(), TuningRange.integer('max_depth', 2, 8)];
const featureGroup = { recordIdentifier: 'origin', eventTime: 'date' };

/** The pipelines whose machines differ, by what they ask for. */
export const variants: Readonly<Record<string, (stack: Stack) => Partial<TrainingPipelineOptions>>> = {
  'the default': () => ({}),
  'weighted rows': () => ({ dataset: new Dataset({ columns, label: Label.above('delay', 15, 'late'), weight: 'counts' }) }),
  'several classes': () => ({ dataset: new Dataset({ columns, label: Label.category('origin') }), features: [Feature.numeric('distance')], gates: [Gate.metric('accuracy').above(0.5).inEachSlice('delay')] }),
  'a number': () => ({ dataset: new Dataset({ columns, label: Label.number('delay') }), gates: [Gate.metric('rmse').below(9), Gate.metric('rmse').notWorseThanChampion({ margin: 1 })] }),
  'a container': () => ({ algorithm: Algorithm.container({ image: TrainingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1') }) }),
  'a script in a framework\'s image': () => ({ algorithm: Algorithm.framework({ framework: TrainingFramework.pytorch({ tag: '2.5.1-cpu-py311' }), entryPoint: 'train.py', sourceDirectory: path.join(import.meta.dirname, '../lib/every-prop/script') }) }),
  'a random search': () => ({ tuning: Tuning.random({ ranges }) }),
  'Hyperband on spare capacity': () => ({ tuning: Tuning.hyperband({ ranges }), useSpot: true }),
  'production, automatically': (stack) => ({ productionTarget: production(stack) }),
  'production, by a person': (stack) => ({ productionTarget: production(stack), approval: Approval.manual() }),
  'a feature group': () => ({ featureGroup: { ...featureGroup, offline: true } }),
  'fallback instances': () => ({ fallbackInstanceTypes: ['ml.c5.xlarge', 'ml.c5.2xlarge'] }),
  'spare capacity': () => ({ useSpot: true }),
  'everything at once': (stack) => ({
    ...everything(stack),
    fallbackInstanceTypes: ['ml.g5.xlarge'],
  }),
  'everything at once, with a search': (stack) => ({ ...everything(stack), tuning: Tuning.bayesian({ ranges }) }),
};

const everything = (stack: Stack): Partial<TrainingPipelineOptions> => ({
  dataset: new Dataset({ columns, label: Label.above('delay', 15, 'late'), weight: 'counts' }),
  gates: [Gate.metric('auc').above(0.6), Gate.metric('auc').betterThanChampion({ confidence: 0.95 }), Gate.metric('accuracy').above(0.5).inEachSlice('origin')],
  sliceColumns: ['origin'],
  split: Split.byTime('date'),
  productionTarget: production(stack),
  approval: Approval.manual({ timeout: Duration.days(2) }),
  featureGroup,
  modelCard: { purpose: 'Tests.', riskRating: RiskRating.LOW },
  servingImage: ServingImage.fromUri('own.example/server:1'),
  sourceRevision: 'abc',
  useSpot: true,
  instanceCount: 2,
  networkIsolation: false,
  vpc: new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }] }),
  volumeEncryptionKey: new Key(stack, 'VolumeKey'),
  outputEncryptionKey: new Key(stack, 'OutputKey'),
  trainingEnvironment: { LEVEL: 'debug' },
  metricDefinitions: [{ name: 'validation:logloss', regex: 'logloss:([0-9.]+)' }],
  trainingTags: { team: 'ml' },
});

/** A variant's machine, and the template around it. */
export interface RenderedVariant {
  readonly machine: AslMachine;
  readonly stack: TemplateStack;
  readonly references: References;
}

/** Renders a variant; with a key on its platform where asked. */
export function renderVariant(options: (stack: Stack) => Partial<TrainingPipelineOptions>): RenderedVariant {
  const scope = testStack();
  const platform = new ModelPlatform(scope, 'Platform');
  new TrainingPipeline(scope, 'Flights', {
    platform,
    registry: new ModelRegistry(scope, 'Registry'),
    target: new OwnTarget(platform.artifactBucket),
    dataset,
    features: [Feature.hourOfDay('date'), Feature.numeric('distance')],
    algorithm: Algorithm.xgboost({ numRound: 10 }),
    gates: [Gate.metric('auc').above(0.6)],
    ...options(scope),
  });
  const stack = templateStack('Stack', Template.fromStack(scope).toJSON() as RawTemplate);
  const references = new References([stack]);
  const machine = stack.resources.find(({ type }) => type === 'AWS::StepFunctions::StateMachine')!;
  return { stack, references, machine: JSON.parse(references.text('Stack', machine.properties['DefinitionString'])) as AslMachine };
}

/** The actions that the machine's role is allowed, each with what on, and under which condition. */
export function allowedTo({ stack, references }: RenderedVariant): string[] {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
  const policies = stack.resources.filter(({ type, properties }) => type === 'AWS::IAM::Policy' && JSON.stringify(properties['Roles']).includes('FlightsStateMachineRole'));
  const statements = policies.flatMap(({ properties }) => (properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement);
  return statements.flatMap(({ Action, Resource, Condition }) =>
    list(Action).flatMap((action) => list(Resource).map((resource) => `${String(action)} on ${references.text('Stack', resource)}${Condition === undefined ? '' : ` when ${JSON.stringify(Condition)}`}`)),
  ).sort();
}
