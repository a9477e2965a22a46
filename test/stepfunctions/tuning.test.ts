import { describe, expect, it } from 'vitest';
import { TaskFailure } from '../../local/states/index.ts';
import type { Json } from '../../local/states/index.ts';
import { statesOf } from '../../scripts/synth/definitions.ts';
import type { AslMachine, AslState } from '../../scripts/synth/definitions.ts';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import type { TuningJob } from '../../stepfunctions/training-pipeline.ts';
import { definition, definitionProps } from './fixture.ts';
import { fakeRun } from './run.ts';
import type { Fake } from './run.ts';

const tuning: TuningJob = {
  jobNamePrefix: 'flights-34abcd',
  strategy: 'Bayesian',
  objective: { type: 'Minimize', metric: 'validation:logloss' },
  integers: [{ name: 'max_depth', minimum: 2, maximum: 8, scaling: 'Auto' }],
  continuous: [{ name: 'eta', minimum: 0.05, maximum: 0.5, scaling: 'Logarithmic' }],
  categories: [],
  maxTrials: 20,
  maxParallelTrials: 4,
  maxSeconds: 7200,
  seed: 3,
  stopTrialsEarly: true,
};
const job = { ...definitionProps.training, classesHyperParameter: 'num_class', spot: { maxWaitSeconds: 7200 }, keepAliveSeconds: 60 };
const machine = definition({ tuning, training: job });
const asl = machine as unknown as AslMachine;
const states = machine.States as unknown as Readonly<Record<string, AslState & { readonly Next?: string; readonly Arguments: Record<string, unknown> }>>;

describe('the training pipeline that tunes', () => {
  it('runs a tuning job in place of a training job, and describes its best', () => {
    expect(Object.keys(states).slice(0, 8)).toEqual(['ValidateData', 'PrepareData', 'TuneModel', 'DescribeTuningJob', 'CheckTuningJob', 'WaitForTuningJob', 'DescribeBestTrial', 'ConvertModel']);
    expect(states).not.toHaveProperty('TrainModel');
    expect([states['PrepareData']?.Next, states['TuneModel']?.Next, states['DescribeBestTrial']?.Next]).toEqual(['TuneModel', 'DescribeBestTrial', 'ConvertModel']);
  });

  it('is looked at, once adopted, as often as the history of an execution has room for', () => {
    expect(states['WaitForTuningJob']).toMatchObject({ Seconds: 60 });
    expect(definition({ tuning: { ...tuning, maxSeconds: 30 * 86_400 }, training: job }).States['WaitForTuningJob']).toMatchObject({ Seconds: 1298 });
  });

  it('asks for what the tuning says, with the ranges as texts', () => {
    expect(states['TuneModel']).toMatchObject({
      Resource: 'arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync',
      TimeoutSeconds: 7200 + 3600,
      Arguments: {
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:logloss' },
          ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 4, MaxRuntimeInSeconds: 7200 },
          ParameterRanges: {
            IntegerParameterRanges: [{ Name: 'max_depth', MinValue: '2', MaxValue: '8', ScalingType: 'Auto' }],
            ContinuousParameterRanges: [{ Name: 'eta', MinValue: '0.05', MaxValue: '0.5', ScalingType: 'Logarithmic' }],
          },
          TrainingJobEarlyStoppingType: 'Auto',
          RandomSeed: 3,
        },
        Tags: [],
      },
    });
    const config = states['TuneModel']!.Arguments['HyperParameterTuningJobConfig'] as Record<string, Record<string, unknown>>;
    expect(config).not.toHaveProperty('StrategyConfig');
    expect(config['ParameterRanges']).not.toHaveProperty('CategoricalParameterRanges');
  });

  it('gives each trial what a training job has, without checkpoints that trials would share and without instances that are kept', () => {
    const { TrainingJobDefinition: trial } = states['TuneModel']!.Arguments as { TrainingJobDefinition: Record<string, unknown> };
    expect(trial).toMatchObject({
      RoleArn: job.roleArn,
      AlgorithmSpecification: { TrainingImage: job.image, TrainingInputMode: 'File' },
      StaticHyperParameters: { num_round: '10', num_class: '{% $string($prepared.classes) %}' },
      InputDataConfig: [{ ChannelName: 'train' }, { ChannelName: 'validation' }],
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
      EnableManagedSpotTraining: true,
      EnableNetworkIsolation: true,
    });
    expect(trial).not.toHaveProperty('CheckpointConfig');
    expect(trial['ResourceConfig']).toEqual({ InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 });
  });

  it('says the resource of Hyperband, and categories', () => {
    const hyperband = definition({
      tuning: { ...tuning, strategy: 'Hyperband', resource: { least: 2, greatest: 50 }, stopTrialsEarly: false, integers: [], continuous: [], categories: [{ name: 'booster', values: ['gbtree', 'dart'] }] },
    }).States['TuneModel'] as unknown as { Arguments: unknown };
    expect(hyperband.Arguments).toMatchObject({
      HyperParameterTuningJobConfig: {
        Strategy: 'Hyperband',
        StrategyConfig: { HyperbandStrategyConfig: { MinResource: 2, MaxResource: 50 } },
        ParameterRanges: { CategoricalParameterRanges: [{ Name: 'booster', Values: ['gbtree', 'dart'] }] },
        TrainingJobEarlyStoppingType: 'Off',
      },
    });
  });

  it('retries, catches and resumes both states as the others', () => {
    for (const name of ['TuneModel', 'DescribeBestTrial']) {
      expect(states[name]?.Catch?.slice(-1), name).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'NotifyFailure', Assign: { failure: { state: name } } }]);
      expect(states[name]?.Retry, name).toEqual((definition().States['TrainModel'] as { Retry: unknown }).Retry);
    }
    const { Choices } = states['ResumeAfterRedrive'] as unknown as { Choices: { Next: string }[] };
    expect(Choices.map(({ Next }) => Next).slice(0, 5)).toEqual(['ValidateData', 'PrepareData', 'TuneModel', 'DescribeBestTrial', 'ConvertModel']);
    for (const [name, state] of statesOf(asl)) expect(state.Comment?.length, name).toBeGreaterThan(20);
  });

  it('passes the checks of synth', async () => {
    const definitions = [{ where: 'pipeline', machine: asl }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
  });
});

describe('a run that tunes', () => {
  const best = { TrainingJobName: 'flights-34abcd-run-1-0-007-12345678', FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'validation:logloss', Value: 0.31 } };
  const ended = (more: Record<string, Json>) => (args: Record<string, Json>): Json => ({
    HyperParameterTuningJobName: args['HyperParameterTuningJobName']!, HyperParameterTuningJobArn: 'arn:tuning', HyperParameterTuningJobStatus: 'Completed',
    TrainingJobStatusCounters: { Completed: 17, InProgress: 0, NonRetryableError: 1, RetryableError: 0, Stopped: 2 }, ...more,
  });
  const fakes: Readonly<Record<string, Fake>> = {
    'validate-data': { rows: 1, dataset: {}, warnings: [], statistics: 's', constraints: 'c' },
    'prepare-data': { rows: {}, split: {}, train: 's3://a/train/', validation: 's3://a/validation/', test: 't', features: 'f', label: 'l', classes: 3, sample: 's' },
    'createHyperParameterTuningJob.sync': ended({ BestTrainingJob: best }),
    describeTrainingJob: (args) => ({
      TrainingJobName: args['TrainingJobName']!, TrainingJobArn: 'arn:best', TrainingJobStatus: 'Completed', SecondaryStatus: 'Completed', HyperParameters: { eta: '0.1', num_round: '10' },
      AlgorithmSpecification: { TrainingImage: 'image' }, ModelArtifacts: { S3ModelArtifacts: 's3://a/best/model.tar.gz' },
    }),
    'convert-model': () => {
      throw new TaskFailure('Enough', 'the rest is as in any run');
    },
    notify: (args) => {
      const { error, cause } = args['failure'] as { error: string; cause: string };
      throw new TaskFailure(error, cause);
    },
  };

  it('hands the best training job on as any training job, and with it the tuning', async () => {
    const { result, calls } = await fakeRun(machine, fakes);
    expect(result).toMatchObject({ status: 'FAILED', error: 'Enough' });
    const argsOf = (name: string) => calls.find((call) => call.name === name)?.args;
    expect(argsOf('createHyperParameterTuningJob.sync')).toMatchObject({
      HyperParameterTuningJobName: 'flights-34abcd-run-1-0',
      TrainingJobDefinition: { StaticHyperParameters: { num_class: '3' }, OutputDataConfig: { S3OutputPath: 's3://artifacts/intermediates/flights/run-1/training' } },
    });
    expect(argsOf('describeTrainingJob')).toEqual({ TrainingJobName: best.TrainingJobName });
    expect(argsOf('convert-model')).toMatchObject({
      modelData: 's3://a/best/model.tar.gz',
      trainingJob: {
        name: best.TrainingJobName, arn: 'arn:best', image: 'image', hyperParameters: { eta: '0.1' }, status: 'Completed', secondaryStatus: 'Completed', maxRuntimeSeconds: 3600,
        tuning: { name: 'flights-34abcd-run-1-0', arn: 'arn:tuning', trials: 20, objective: { metric: 'validation:logloss', type: 'Minimize', value: 0.31 } },
      },
    });
  });

  it('has a name within the 32 characters of a tuning job, whatever the run is called', async () => {
    const { calls } = await fakeRun(machine, fakes, { runName: 'x'.repeat(80) });
    const name = calls.find((call) => call.name === 'createHyperParameterTuningJob.sync')?.args['HyperParameterTuningJobName'] as string;
    expect(name).toMatch(/^flights-34abcd-x+-[0-9a-f]{8}-0$/);
    expect(name.length).toBeLessThanOrEqual(32);
  });

  it('says which tuning it was whose trials reached no objective', async () => {
    const { result, entered } = await fakeRun(machine, { ...fakes, 'createHyperParameterTuningJob.sync': ended({}) });
    expect(result).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('No trial of flights-34abcd-run-1-0 reached an objective') as string });
    expect(entered).not.toContain('DescribeBestTrial');
  });

  describe('whose call is made again after it made the tuning job', () => {
    const begin = 'createHyperParameterTuningJob.sync';
    /** The tuning job as DescribeHyperParameterTuningJob tells of it to Step Functions. */
    const described = (more: Record<string, Json>) => ended({ BestTrainingJob: best, CreationTime: '2026-11-20T10:05:00.000Z', ...more });
    const lostThen = (describeHyperParameterTuningJob: Fake): Readonly<Record<string, Fake>> => {
      let tries = 0;
      return {
        ...fakes, describeHyperParameterTuningJob,
        [begin]: () => {
          throw new TaskFailure(tries++ === 0 ? 'SageMaker.SdkClientException' : 'SageMaker.ResourceInUseException', 'the answer was lost');
        },
      };
    };

    it('adopts the job under its one name, waits for its end and goes on with its best', async () => {
      const answers = [described({ HyperParameterTuningJobStatus: 'InProgress', BestTrainingJob: {} }), described({})];
      const { calls, entered } = await fakeRun(machine, lostThen((args) => answers.shift()!(args)));
      const names = calls.filter(({ name }) => [begin, 'describeHyperParameterTuningJob'].includes(name)).map(({ args }) => args['HyperParameterTuningJobName']);
      expect(names).toEqual(Array.from({ length: 4 }, () => 'flights-34abcd-run-1-0'));
      expect(entered.filter((name) => name === 'WaitForTuningJob')).toHaveLength(1);
      expect(calls.find(({ name }) => name === 'convert-model')?.args).toMatchObject({ modelData: 's3://a/best/model.tar.gz', trainingJob: { tuning: { name: 'flights-34abcd-run-1-0', trials: 20 } } });
    });

    it.each<[string, Record<string, Json>, string, RegExp]>([
      ['failed', { HyperParameterTuningJobStatus: 'Failed', FailureReason: 'All training jobs failed' }, 'States.TaskFailed', /"FailureReason":"All training jobs failed"/],
      ['was stopped', { HyperParameterTuningJobStatus: 'Stopped' }, 'States.TaskFailed', /the job ended as Stopped/],
      ['has no best trial', { BestTrainingJob: {} }, 'States.TaskFailed', /No trial of flights-34abcd-run-1-0 reached an objective/],
      ['an earlier run of the same name made', { CreationTime: '2026-06-01T00:00:00.000Z' }, 'TuningJobNameTaken', /was made before this run.*Start the run under another name/],
    ])('fails at TuneModel where the job %s', async (_, more, error, cause) => {
      const { result, calls, entered } = await fakeRun(machine, lostThen(described(more)));
      expect(result).toMatchObject({ status: 'FAILED', error, cause: expect.stringMatching(cause) as string });
      expect(calls.at(-1)).toMatchObject({ name: 'notify', args: { failure: { state: 'TuneModel' } } });
      expect(entered).not.toContain('DescribeBestTrial');
    });

    it('tells where it lost sight of a job that it waited for', async () => {
      let asked = 0;
      const { result } = await fakeRun(machine, lostThen((args) => {
        if (asked++ > 0) throw new TaskFailure('SageMaker.ResourceNotFoundException', 'gone');
        return described({ HyperParameterTuningJobStatus: 'InProgress' })(args);
      }));
      expect(result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: 'The tuning job flights-34abcd-run-1-0 was still InProgress when it was last described, and could not be described again.' });
    });

    it('tells the first failure where the job cannot be described', async () => {
      const { result } = await fakeRun(machine, lostThen(() => {
        throw new TaskFailure('SageMaker.SageMakerException', 'not found');
      }));
      expect(result).toMatchObject({ status: 'FAILED', error: 'SageMaker.ResourceInUseException' });
    });
  });
});
