import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateHyperParameterTuningJobCommand, DescribeHyperParameterTuningJobCommand, DescribeTrainingJobCommand, ListHyperParameterTuningJobsCommand,
  ListTrainingJobsForHyperParameterTuningJobCommand, SageMakerClient, StopHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { CreateHyperParameterTuningJobCommandInput, DescribeHyperParameterTuningJobCommandOutput, HyperParameterTuningJobConfig } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSageMaker } from '../../../local/services/sagemaker/index.ts';
import { openBench, role } from './harness.ts';
import type { Bench, BenchOptions } from './harness.ts';

let folder: string;
let bench: Bench;
let sagemaker: SageMakerClient;
let running: number;
let mostRunning: number;

/** A shell is quicker to start than Node: the loss is the distance of x from 3, told three times. */
const program = `
base=$SAGEMAKER_BASE_DIR
echo "$SM_HPS" > $base/model/parameters.json
field() { echo "$SM_HPS" | sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p"; }
x=$(field x)
case "$(field mode)" in
  fail) echo 'no such column' > $base/output/failure; exit 1 ;;
  mute) exit 0 ;;
  hang) trap 'exit 0' TERM; echo "loss=9"; while :; do sleep 0.05; done ;;
esac
loss=$(awk "BEGIN { d = $x - 3; print (d < 0 ? -d : d) }")
for round in 1 2 3; do echo "loss=$loss"; done
`;

const options = (): BenchOptions => ({
  modules: [createS3, createSageMaker],
  services: [{ name: 'events', operations: { PutEvents: () => ({ FailedEntryCount: 0, Entries: [] }) } }],
  programs: [{ image: /example/, command: ['/bin/sh', path.join(folder, 'program.sh')] }],
});

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tuning-'));
  writeFileSync(path.join(folder, 'program.sh'), program);
  bench = await openBench(options());
  sagemaker = new SageMakerClient(bench.client);
  await bench.provision('AWS::S3::Bucket', 'Bucket', { BucketName: 'data' });
  const s3 = new S3Client(bench.client);
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'in/train/a.csv', Body: '1' }));
  s3.destroy();
  running = 0;
  mostRunning = 0;
});

afterEach(async () => {
  sagemaker.destroy();
  await bench.close();
  rmSync(folder, { recursive: true });
});

const config = (more: Partial<HyperParameterTuningJobConfig> = {}): HyperParameterTuningJobConfig => ({
  Strategy: 'Random',
  HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' },
  ResourceLimits: { MaxNumberOfTrainingJobs: 6, MaxParallelTrainingJobs: 2 },
  ParameterRanges: { ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '10' }] },
  RandomSeed: 7,
  ...more,
});

const request = (more: Partial<HyperParameterTuningJobConfig> = {}, mode = 'run', name = 'Tune-1'): CreateHyperParameterTuningJobCommandInput => ({
  HyperParameterTuningJobName: name,
  HyperParameterTuningJobConfig: config(more),
  TrainingJobDefinition: {
    StaticHyperParameters: { mode },
    AlgorithmSpecification: { TrainingImage: 'example.com/mine:1', TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }] },
    RoleArn: role,
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in/train/' } } }],
    OutputDataConfig: { S3OutputPath: 's3://data/out' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
  },
  Tags: [{ Key: 'team', Value: 'research' }],
});

const create = (...args: Parameters<typeof request>) => sagemaker.send(new CreateHyperParameterTuningJobCommand(request(...args)));
const described = (HyperParameterTuningJobName = 'Tune-1') => sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName }));
const trials = async (more: { SortBy?: 'FinalObjectiveMetricValue'; MaxResults?: number; NextToken?: string } = {}) =>
  sagemaker.send(new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'Tune-1', MaxResults: 100, ...more }));

async function ended(name?: string): Promise<DescribeHyperParameterTuningJobCommandOutput> {
  await expect
    .poll(async () => {
      const job = await described(name);
      running = job.TrainingJobStatusCounters?.InProgress ?? 0;
      mostRunning = Math.max(mostRunning, running);
      return job.HyperParameterTuningJobStatus;
    }, { interval: 5, timeout: 20_000 })
    .toMatch(/Completed|Failed|Stopped/);
  return described(name);
}

describe('a tuning job', () => {
  it('runs trials, a few at a time, and names the best', async () => {
    expect(await create()).toMatchObject({ HyperParameterTuningJobArn: 'arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/tune-1' });
    const job = await ended();
    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Completed: 6, InProgress: 0, NonRetryableError: 0, RetryableError: 0, Stopped: 0 },
      ObjectiveStatusCounters: { Succeeded: 6, Pending: 0, Failed: 0 },
      HyperParameterTuningJobConfig: { Strategy: 'Random', RandomSeed: 7 },
    });
    expect(mostRunning).toBeLessThanOrEqual(2);
    const { TrainingJobSummaries: listed = [] } = await trials();
    expect(listed.map(({ TrainingJobName }) => TrainingJobName)).toEqual(['001', '002', '003', '004', '005', '006'].map((number) => expect.stringMatching(new RegExp(`^Tune-1-${number}-[0-9a-f]{8}$`))));
    const distance = (x: string | undefined): number => Math.abs(Number(x) - 3);
    for (const { TunedHyperParameters, FinalHyperParameterTuningJobObjectiveMetric: metric, ObjectiveStatus } of listed) {
      expect(metric).toMatchObject({ MetricName: 'loss', Type: 'Minimize' });
      expect(metric?.Value).toBeCloseTo(distance(TunedHyperParameters?.['x']), 3);
      expect(ObjectiveStatus).toBe('Succeeded');
    }
    const least = Math.min(...listed.map(({ FinalHyperParameterTuningJobObjectiveMetric: metric }) => metric?.Value ?? Infinity));
    expect(job.BestTrainingJob?.FinalHyperParameterTuningJobObjectiveMetric?.Value).toBe(least);
    const sorted = await trials({ SortBy: 'FinalObjectiveMetricValue', MaxResults: 2 });
    expect(sorted.TrainingJobSummaries?.[0]?.TrainingJobName).toBe(job.BestTrainingJob?.TrainingJobName);
    expect((await trials({ SortBy: 'FinalObjectiveMetricValue', MaxResults: 4, NextToken: sorted.NextToken! })).TrainingJobSummaries).toHaveLength(4);
    const best = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job.BestTrainingJob?.TrainingJobName }));
    expect(best).toMatchObject({
      TrainingJobStatus: 'Completed',
      HyperParameters: { mode: 'run', ...job.BestTrainingJob?.TunedHyperParameters, _tuning_objective_metric: 'loss' },
      ModelArtifacts: { S3ModelArtifacts: `s3://data/out/${job.BestTrainingJob?.TrainingJobName ?? ''}/output/model.tar.gz` },
    });
    expect((await sagemaker.send(new ListHyperParameterTuningJobsCommand({}))).HyperParameterTuningJobSummaries).toMatchObject([{ HyperParameterTuningJobName: 'Tune-1', Strategy: 'Random', HyperParameterTuningJobStatus: 'Completed' }]);
  });

  it('draws the same trials for the same seed, and others for another', async () => {
    const drawn = async (name: string, RandomSeed: number): Promise<unknown> => {
      await create({ RandomSeed, ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 2 } }, 'run', name);
      await ended(name);
      const { TrainingJobSummaries } = await sagemaker.send(new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));
      return TrainingJobSummaries?.map(({ TunedHyperParameters }) => TunedHyperParameters?.['x']);
    };
    const first = await drawn('A', 7);
    expect(await drawn('B', 7)).toEqual(first);
    expect(await drawn('C', 8)).not.toEqual(first);
  });

  it('maximises where it is asked to, and learns where to look', async () => {
    await create({ Strategy: 'Bayesian', HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'loss' }, ResourceLimits: { MaxNumberOfTrainingJobs: 12, MaxParallelTrainingJobs: 1 } });
    const job = await ended();
    expect(Number(job.BestTrainingJob?.TunedHyperParameters?.['x'])).toBeGreaterThan(8);
    const { TrainingJobSummaries: listed = [] } = await trials();
    const far = (part: typeof listed): number => part.filter(({ TunedHyperParameters }) => Number(TunedHyperParameters?.['x']) > 6).length / part.length;
    expect(far(listed.slice(6))).toBeGreaterThan(0.6);
  });

  it('fails with the first reason where every trial fails, and says so where none tells the metric', async () => {
    await create({}, 'fail');
    expect(await ended()).toMatchObject({ HyperParameterTuningJobStatus: 'Failed', FailureReason: expect.stringContaining('All training jobs failed. The first of them: AlgorithmError: no such column') });
    await create({}, 'mute', 'Mute');
    expect(await ended('Mute')).toMatchObject({ HyperParameterTuningJobStatus: 'Failed', FailureReason: expect.stringContaining('told the objective metric loss'), ObjectiveStatusCounters: { Failed: 6 } });
  });

  it('stops its trials when it is stopped, and when its time is over', async () => {
    await create({}, 'hang');
    await expect.poll(async () => (await described()).TrainingJobStatusCounters?.InProgress, { interval: 10 }).toBeGreaterThan(0);
    await sagemaker.send(new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'Tune-1' }));
    const stopped = await ended();
    expect(stopped).toMatchObject({ HyperParameterTuningJobStatus: 'Stopped', TrainingJobStatusCounters: { InProgress: 0, Completed: 0 } });
    expect(stopped.BestTrainingJob).toBeUndefined();
    await create({ ResourceLimits: { MaxNumberOfTrainingJobs: 6, MaxParallelTrainingJobs: 2, MaxRuntimeInSeconds: 1 } }, 'hang', 'Timed');
    expect(await ended('Timed')).toMatchObject({ HyperParameterTuningJobStatus: 'Failed', TrainingJobStatusCounters: { Stopped: 2 } });
  });

  it('lets Hyperband end trials at their greatest resource, and counts them as complete', async () => {
    await create({ Strategy: 'Hyperband', StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 3 } } });
    expect(await ended()).toMatchObject({ HyperParameterTuningJobStatus: 'Completed', ObjectiveStatusCounters: { Succeeded: 6 } });
  });

  it('ends with the laptop', async () => {
    await create({}, 'hang');
    await expect.poll(async () => (await described()).TrainingJobStatusCounters?.InProgress, { interval: 10 }).toBeGreaterThan(0);
    const { stateDirectory } = bench.context;
    await bench.close({ keep: true });
    bench = await openBench({ ...options(), stateDirectory });
    sagemaker = new SageMakerClient(bench.client);
    await bench.ready();
    expect(await described()).toMatchObject({ HyperParameterTuningJobStatus: 'Failed', FailureReason: expect.stringContaining('the laptop was stopped') });
  });

  it.each<[string, Partial<HyperParameterTuningJobConfig>, RegExp]>([
    ['a strategy that it does not serve', { Strategy: 'Grid' }, /serves Random, Bayesian and Hyperband/],
    ['Hyperband without its resource', { Strategy: 'Hyperband' }, /needs .*MaxResource/],
    ['Hyperband beside another early stopping', { Strategy: 'Hyperband', TrainingJobEarlyStoppingType: 'Auto', StrategyConfig: { HyperbandStrategyConfig: { MaxResource: 3 } } }, /must be Off/],
    ['no ranges', { ParameterRanges: {} }, /at least one/],
    ['a range that is fixed as well', { ParameterRanges: { CategoricalParameterRanges: [{ Name: 'mode', Values: ['a'] }] } }, /both StaticHyperParameters and ParameterRanges/],
    ['a range whose ends are the wrong way round', { ParameterRanges: { IntegerParameterRanges: [{ Name: 'x', MinValue: '3', MaxValue: '1' }] } }, /not greater/],
    ['a logarithm of 0', { ParameterRanges: { ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '1', ScalingType: 'Logarithmic' }] } }, /greater than 0/],
    ['a reverse logarithm of 1', { ParameterRanges: { ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '1', ScalingType: 'ReverseLogarithmic' }] } }, /less than 1/],
    ['more trials at once than SageMaker runs', { ResourceLimits: { MaxNumberOfTrainingJobs: 200, MaxParallelTrainingJobs: 101 } }, /from 1 to 100/],
    ['criteria that it does not serve', { TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 1 } }, /does not serve TuningJobCompletionCriteria/],
  ])('refuses %s', async (_, more, message) => {
    await expect(create(more)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
  });

  it('has a name of its own, of at most 32 characters', async () => {
    await create({ ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 } });
    await expect(create({}, 'run', 'tune-1')).rejects.toMatchObject({ name: 'ResourceInUse' });
    await expect(create({}, 'run', 'a'.repeat(33))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(described('none')).rejects.toMatchObject({ name: 'ResourceNotFound' });
    await ended();
  });
});
