import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Algorithm, Column, Dataset, Label, TrainingPipeline, Tuning, TuningObjective, TuningRange } from '../../../lib/index.ts';
import type { TrainingPipelineOptions } from '../../../lib/index.ts';
import { ground, learning, OwnTarget, statementsOf, testStack } from '../support.ts';
import { machineOf } from './machine.ts';

const eta = TuningRange.continuous('eta', 0.05, 0.5);
const depth = TuningRange.integer('max_depth', 2, 8);

function templateWith(options: Partial<TrainingPipelineOptions>): Template {
  const stack = testStack();
  const { platform, registry } = ground(stack);
  new TrainingPipeline(stack, 'Flights', { ...learning, platform, registry, target: new OwnTarget(platform.artifactBucket), ...options });
  return Template.fromStack(stack);
}

/** What the state TuneModel asks for. */
function request(options: Partial<TrainingPipelineOptions>) {
  return machineOf(templateWith(options)).States['TuneModel']?.Arguments as {
    HyperParameterTuningJobName: string;
    HyperParameterTuningJobConfig: Record<string, unknown>;
    TrainingJobDefinition: { StaticHyperParameters: Record<string, string> };
    Tags: unknown;
  };
}

describe('a pipeline with a tuning', () => {
  const template = templateWith({ tuning: Tuning.bayesian({ ranges: [eta, depth] }) });

  it('searches what is declared, for the metric of the algorithm; all else stays fixed', () => {
    const { HyperParameterTuningJobName: name, HyperParameterTuningJobConfig: config, TrainingJobDefinition: trial, Tags } = request({ tuning: Tuning.bayesian({ ranges: [eta, depth] }) });
    expect(name).toMatch(/'flights-[0-9a-f]{6}-'/);
    expect(config).toEqual({
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:logloss' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 2, MaxRuntimeInSeconds: 21_600 },
      ParameterRanges: {
        IntegerParameterRanges: [{ Name: 'max_depth', MinValue: '2', MaxValue: '8', ScalingType: 'Auto' }],
        ContinuousParameterRanges: [{ Name: 'eta', MinValue: '0.05', MaxValue: '0.5', ScalingType: 'Auto' }],
      },
      TrainingJobEarlyStoppingType: 'Off',
      RandomSeed: 0,
    });
    expect(trial.StaticHyperParameters).toEqual({ eval_metric: 'logloss', objective: 'binary:logistic', num_round: '10', base_score: '0.5' });
    expect(Tags).toEqual([{ Key: 'slipway:pipeline', Value: 'flights' }]);
  });

  it('lets SageMaker take on the role of its trials where it does not say for which account', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Runs the training jobs of the pipeline.',
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'sagemaker.amazonaws.com' }, Condition: { StringEqualsIfExists: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, StringEquals: Match.absent() } }] },
    });
  });

  it('honours what is said of the tuning', () => {
    const tuning = Tuning.random({
      ranges: [eta.logarithmic()], objective: TuningObjective.maximize('validation:auc'), maxTrials: 900, maxParallelTrials: 12, seed: 5, maxTime: Duration.hours(2), stopTrialsEarly: true,
    });
    expect(request({ tuning }).HyperParameterTuningJobConfig).toMatchObject({
      Strategy: 'Random',
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:auc' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 900, MaxParallelTrainingJobs: 12, MaxRuntimeInSeconds: 7200 },
      ParameterRanges: { ContinuousParameterRanges: [{ ScalingType: 'Logarithmic' }] },
      TrainingJobEarlyStoppingType: 'Auto',
      RandomSeed: 5,
    });
  });

  it('shares out the rounds of the algorithm by Hyperband', () => {
    const resource = (tuning: Tuning) => request({ tuning, algorithm: Algorithm.xgboost({ numRound: 80 }) }).HyperParameterTuningJobConfig['StrategyConfig'];
    expect(resource(Tuning.hyperband({ ranges: [eta] }))).toEqual({ HyperbandStrategyConfig: { MinResource: 1, MaxResource: 80 } });
    expect(resource(Tuning.hyperband({ ranges: [eta], minResource: 3, maxResource: 100 }))).toEqual({ HyperbandStrategyConfig: { MinResource: 3, MaxResource: 100 } });
    expect(resource(Tuning.random({ ranges: [eta] }))).toBeUndefined();
  });

  it('lets a range of rounds stand for the number of rounds, which the algorithm always says', () => {
    const { TrainingJobDefinition: trial, HyperParameterTuningJobConfig: config } = request({ tuning: Tuning.random({ ranges: [TuningRange.integer('num_round', 20, 200)] }) });
    expect(config['ParameterRanges']).toMatchObject({ IntegerParameterRanges: [{ Name: 'num_round', MinValue: '20', MaxValue: '200' }] });
    expect(trial.StaticHyperParameters).not.toHaveProperty('num_round');
  });

  it('looks for the metric of the label', () => {
    const dataset = new Dataset({ columns: [Column.string('species'), Column.number('distance')], label: Label.category('species') });
    expect(request({ dataset, tuning: Tuning.random({ ranges: [eta] }) }).HyperParameterTuningJobConfig).toMatchObject({
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:mlogloss' },
    });
  });

  it('lets the state machine run its own tuning jobs and read their trials, and no training job of its own', () => {
    const statements = statementsOf(template, /^FlightsStateMachineRole/).filter(({ actions }) => !actions.includes('lambda:InvokeFunction') && !actions.includes('s3:PutObject'));
    const of = (action: string) => statements.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);
    expect(statements.flatMap(({ actions }) => actions).filter((action) => !/^(logs|xray):/.test(action)).sort()).toEqual([
      'events:DescribeRule', 'events:PutRule', 'events:PutTargets', 'iam:PassRole', 'sagemaker:AddTags', 'sagemaker:CreateHyperParameterTuningJob',
      'sagemaker:DescribeHyperParameterTuningJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:ListTags', 'sagemaker:StopHyperParameterTuningJob', 'states:DescribeExecution', 'states:StartExecution', 'states:StopExecution',
    ]);
    for (const action of ['Create', 'Describe', 'Stop']) expect(of(`sagemaker:${action}HyperParameterTuningJob`)).toEqual([expect.stringMatching(/:hyper-parameter-tuning-job\/flights-[0-9a-f]{6}-\*/)]);
    expect(of('sagemaker:DescribeTrainingJob')).toEqual([expect.stringMatching(/:training-job\/flights-[0-9a-f]{6}-\*/)]);
    expect(of('events:PutRule')).toEqual(expect.arrayContaining([expect.stringMatching(/rule\/StepFunctionsGetEventsForSageMakerTuningJobsRule/)]));
  });

  it('lets the evaluation list the trials, and only where there are any', () => {
    const lists = (found: Template) => statementsOf(found, /ValidateModelRole/).filter(({ actions }) => actions.includes('sagemaker:ListTrainingJobsForHyperParameterTuningJob')).flatMap(({ resources }) => resources);
    expect(lists(template)).toEqual([expect.stringMatching(/:hyper-parameter-tuning-job\/flights-[0-9a-f]{6}-\*/)]);
    expect(lists(templateWith({}))).toEqual([]);
  });

  it.each<[string, Partial<TrainingPipelineOptions>, RegExp]>([
    ['no range', { tuning: Tuning.random({ ranges: [] }) }, /tuning.ranges.length is 0, expected 1 to 30/],
    ['more trials than a search may have', { tuning: Tuning.bayesian({ ranges: [eta], maxTrials: 751 }) }, /tuning.maxTrials is 751, expected 1 to 750/],
    ['half a trial', { tuning: Tuning.bayesian({ ranges: [eta], maxTrials: 2.5 }) }, /tuning.maxTrials is 2.5, expected a whole number/],
    ['too many trials at once', { tuning: Tuning.random({ ranges: [eta], maxTrials: 200, maxParallelTrials: 101 }) }, /tuning.maxParallelTrials is 101, expected 1 to 100/],
    ['more trials at once than there are', { tuning: Tuning.random({ ranges: [eta], maxTrials: 3, maxParallelTrials: 4 }) }, /tuning.maxParallelTrials is 4, expected at most maxTrials, 3/],
    ['a negative seed', { tuning: Tuning.random({ ranges: [eta], seed: -1 }) }, /tuning.seed is -1/],
    ['too little time', { tuning: Tuning.random({ ranges: [eta], maxTime: Duration.minutes(1) }) }, /tuning.maxTime is 60 s, expected 120 to 2592000 s/],
    ['more time than the run has', { tuning: Tuning.random({ ranges: [eta], maxTime: Duration.hours(12) }) }, /timeout is 43200 s, expected more than tuning.maxTime, 43200 s/],
    ['two ranges of one hyperparameter', { tuning: Tuning.random({ ranges: [eta, eta] }) }, /tuning: 'eta' has two ranges/],
    ['a range of what is fixed', { tuning: Tuning.random({ ranges: [depth] }), algorithm: Algorithm.xgboost({ numRound: 10, maxDepth: 3 }) }, /tuning: 'max_depth' has a range and is fixed by the algorithm \(3\)/],
    ['a range of what the tuner does not search', { tuning: Tuning.random({ ranges: [TuningRange.integer('max_bin', 16, 256)] }) }, /a range is of 'max_bin', expected one that SageMaker's tuner searches/],
    ['a range under another name', { tuning: Tuning.random({ ranges: [TuningRange.continuous('learning_rate', 0.1, 0.2)] }) }, /a range is of 'learning_rate'/],
    ['a range beyond the bounds', { tuning: Tuning.random({ ranges: [TuningRange.continuous('eta', 0.1, 2)] }) }, /the range of 'eta' is 0.1 to 2, expected a number at least 0 and at most 1 at both ends/],
    ['fractions of what is whole', { tuning: Tuning.random({ ranges: [TuningRange.continuous('max_depth', 2, 8)] }) }, /the range of 'max_depth' is continuous, expected whole numbers/],
    ['categories of what is a number', { tuning: Tuning.random({ ranges: [TuningRange.categorical('eta', ['0.1', '0.2'])] }) }, /the range of 'eta' is categorical, expected numbers: TuningRange.continuous/],
    ['a metric of the training rows', { tuning: Tuning.random({ ranges: [eta], objective: TuningObjective.minimize('train:logloss') }) }, /the objective is 'train:logloss', expected 'validation:'/],
    ['a metric that is none', { tuning: Tuning.random({ ranges: [eta], objective: TuningObjective.minimize('validation:loss') }) }, /expected 'validation:' and a metric of the algorithm/],
    ['the wrong way', { tuning: Tuning.random({ ranges: [eta], objective: TuningObjective.minimize('validation:auc') }) }, /the objective 'validation:auc' is minimized, expected TuningObjective.maximize/],
    ['too few rounds of Hyperband', { tuning: Tuning.hyperband({ ranges: [eta], maxResource: 5 }) }, /tuning.maxResource is 5, expected at least numRound, 10/],
    ['too many rounds of Hyperband', { tuning: Tuning.hyperband({ ranges: [eta], maxResource: 20_001 }) }, /tuning.maxResource is 20001, expected 1 to 20000/],
    ['a least number of rounds above the greatest', { tuning: Tuning.hyperband({ ranges: [eta], minResource: 11 }) }, /tuning.minResource is 11, expected 1 to 10/],
    ['a range of the rounds that Hyperband shares out', { tuning: Tuning.hyperband({ ranges: [TuningRange.integer('num_round', 2, 20)] }) }, /'num_round' has a range, expected none with Hyperband/],
  ])('refuses %s', (_, options, message) => {
    expect(() => templateWith(options)).toThrow(message);
  });
});
