import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTrainingJobCommand, DescribeTrainingJobCommand, ListTrainingJobsCommand, SageMakerClient, StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import type { CreateTrainingJobCommandInput, DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { extract } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSageMaker } from '../../../local/services/sagemaker/index.ts';
import { openBench, role } from './harness.ts';
import type { Bench, BenchOptions } from './harness.ts';

let folder: string;
let bench: Bench;
let sagemaker: SageMakerClient;
let s3: S3Client;
let news: { SecondaryStatus: string; TrainingJobStatus: string; CreationTime: unknown }[];

/** What the stand-in program does: it behaves as its hyperparameters say. */
const program = `
  import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
  const base = process.env.SAGEMAKER_BASE_DIR;
  const read = (name) => JSON.parse(readFileSync(base + '/input/config/' + name + '.json', 'utf8'));
  const parameters = read('hyperparameters');
  console.log('[0]\\ttrain-auc:0.61\\tvalidation-auc:0.60');
  console.log('[1]\\ttrain-auc:0.71\\tvalidation-auc:7e-1');
  console.error('loss=0.25 at the end');
  if (parameters.fail) { writeFileSync(base + '/output/failure', 'labels are constant'); process.exit(1); }
  if (parameters.checkpoint) {
    const folder = base + '/' + read('checkpointconfig').LocalPath.slice('/opt/ml/'.length);
    console.log('resumed from ' + (readdirSync(folder).sort().join(' ') || 'nothing'));
    writeFileSync(folder + '/' + parameters.checkpoint, 'state of ' + parameters.checkpoint);
    writeFileSync(folder + '/half.sagemaker-ignore', 'not yet');
  }
  if (parameters.hang) {
    process.on('SIGTERM', () => { writeFileSync(base + '/model/partial', 'saved'); process.exit(0); });
    console.log('hanging');
    setInterval(() => {}, 1000);
  } else {
    writeFileSync(base + '/model/model.txt', JSON.stringify({
      parameters, channels: read('inputdataconfig'), train: readdirSync(base + '/input/data/train', { recursive: true }).sort(),
      environment: process.env,
    }));
    writeFileSync(base + '/output/data/extra.txt', 'extra');
  }
`;

const options = (): BenchOptions => ({
  modules: [createS3, createSageMaker],
  services: [
    {
      name: 'events',
      operations: {
        PutEvents({ Entries }: { Entries: { Source: string; Detail: string }[] }) {
          news.push(...Entries.filter(({ Source }) => Source === 'aws.sagemaker').map(({ Detail }) => JSON.parse(Detail) as (typeof news)[0]));
          return {};
        },
      },
    },
  ],
  programs: [{ image: /\/sagemaker-xgboost:/, command: [process.execPath, path.join(folder, 'program.mjs')], environment: { FROM_PROGRAM: 'yes' } }],
});

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'training-'));
  writeFileSync(path.join(folder, 'program.mjs'), program);
  news = [];
  bench = await openBench(options());
  sagemaker = new SageMakerClient(bench.client);
  s3 = new S3Client(bench.client);
  await bench.provision('AWS::S3::Bucket', 'Bucket', { BucketName: 'data' });
  for (const key of ['in/train/a.csv', 'in/train/more/b.csv', 'in/training-notes.txt']) await s3.send(new PutObjectCommand({ Bucket: 'data', Key: key, Body: key }));
});

afterEach(async () => {
  sagemaker.destroy();
  s3.destroy();
  await bench.close();
  rmSync(folder, { recursive: true });
});

const job = (more: Partial<CreateTrainingJobCommandInput> = {}): CreateTrainingJobCommandInput => ({
  TrainingJobName: 'Job-1',
  RoleArn: role,
  AlgorithmSpecification: { TrainingImage: '000000000000.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5', TrainingInputMode: 'File' },
  HyperParameters: { num_round: '2' },
  InputDataConfig: [{ ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in/train/' } } }],
  OutputDataConfig: { S3OutputPath: 's3://data/out/' },
  ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 600 },
  ...more,
});

const create = (more: Partial<CreateTrainingJobCommandInput> = {}): Promise<unknown> => sagemaker.send(new CreateTrainingJobCommand(job(more)));
const describeJob = (TrainingJobName = 'Job-1'): Promise<DescribeTrainingJobCommandOutput> => sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));

const ended = async (name?: string): Promise<DescribeTrainingJobCommandOutput> => {
  await expect.poll(async () => (await describeJob(name)).TrainingJobStatus, { interval: 10, timeout: 10_000 }).toMatch(/Completed|Failed|Stopped/);
  return describeJob(name);
};

const logged = (text: string): boolean => bench.events.some((event) => event.type === 'service' && event.name === 'JobLog' && String(event.detail['line']).includes(text));

const unpack = async (key: string): Promise<string> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: key }));
  const target = mkdtempSync(path.join(folder, 'out-'));
  writeFileSync(path.join(target, 'a.tar.gz'), (await Body?.transformToByteArray()) ?? '');
  await extract({ file: path.join(target, 'a.tar.gz'), cwd: target });
  rmSync(path.join(target, 'a.tar.gz'));
  return target;
};

describe('a training job', () => {
  it('runs the program of its image on an /opt/ml folder and packs what it made', async () => {
    expect(await create()).toMatchObject({ TrainingJobArn: 'arn:aws:sagemaker:us-east-1:000000000000:training-job/job-1' });
    const answer = await ended();
    expect(answer).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://data/out/Job-1/output/model.tar.gz' },
      HyperParameters: { num_round: '2' },
      FinalMetricDataList: [
        { MetricName: 'train:auc', Value: 0.71 },
        { MetricName: 'validation:auc', Value: 0.7 },
      ],
    });
    expect(answer.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
    expect(answer.SecondaryStatusTransitions?.every(({ EndTime }) => EndTime instanceof Date)).toBe(true);
    expect(answer.TrainingEndTime).toBeInstanceOf(Date);

    const made = JSON.parse(readFileSync(path.join(await unpack('out/Job-1/output/model.tar.gz'), 'model.txt'), 'utf8')) as {
      environment: Record<string, string>;
    };
    expect(made).toMatchObject({
      parameters: { num_round: '2' },
      channels: { train: { TrainingInputMode: 'File', ContentType: 'text/csv' } },
      train: ['a.csv', 'more', 'more/b.csv'],
      environment: { TRAINING_JOB_NAME: 'Job-1', FROM_PROGRAM: 'yes', AWS_ENDPOINT_URL: bench.client.endpoint, SM_MODEL_DIR: expect.stringMatching(/model$/) },
    });
    expect(made.environment).not.toHaveProperty('USER');
    expect(readdirSync(await unpack('out/Job-1/output/output.tar.gz'))).toEqual(['extra.txt']);
    expect(news.map(({ SecondaryStatus }) => SecondaryStatus)).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
    expect(news[0]?.CreationTime).toBeTypeOf('number');
  });

  it('fails with the reason that the program gave', async () => {
    await create({ HyperParameters: { fail: 'yes' } });
    expect(await ended()).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: labels are constant, exit code: 1' });
  });

  it('reads metrics by its own definitions', async () => {
    const { AlgorithmSpecification } = job();
    await create({ AlgorithmSpecification: { ...AlgorithmSpecification, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }] } });
    expect((await ended()).FinalMetricDataList).toMatchObject([{ MetricName: 'loss', Value: 0.25 }]);
  });

  it('stops when it is asked to, or has run too long, and keeps what it saved', async () => {
    await create({ HyperParameters: { hang: 'yes' } });
    await expect.poll(() => logged('hanging'), { timeout: 5000 }).toBe(true);
    await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'Job-1' }));
    expect(await ended()).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' });
    expect(readdirSync(await unpack('out/Job-1/output/model.tar.gz'))).toEqual(['partial']);
    await create({ TrainingJobName: 'Job-2', HyperParameters: { hang: 'yes' }, StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    expect(await ended('Job-2')).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });

  it('says which program is missing, and which data', async () => {
    await create({ AlgorithmSpecification: { TrainingImage: 'example.com/mine:1', TrainingInputMode: 'File' } });
    expect((await ended()).FailureReason).toMatch(/no program stands in for the image "example.com\/mine:1".*Declare one.*sagemaker-xgboost/);
    await create({ TrainingJobName: 'Job-2', InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/none/' } } }] });
    expect((await ended('Job-2')).FailureReason).toContain('No S3 objects found under S3 URL "s3://data/none/"');
    await create({ TrainingJobName: 'Job-3', InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://absent/x' } } }] });
    expect((await ended('Job-3')).FailureReason).toContain('NoSuchBucket');
  });

  it('has a name of its own, of SageMaker\'s form', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ResourceInUse', message: expect.stringContaining('must be unique') });
    await expect(create({ TrainingJobName: 'a_b' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(create({ TrainingJobName: 'a'.repeat(64) })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(describeJob('none')).rejects.toMatchObject({ name: 'ValidationException', message: 'Requested resource not found.' });
    expect((await sagemaker.send(new ListTrainingJobsCommand({ NameContains: 'job' }))).TrainingJobSummaries).toMatchObject([{ TrainingJobName: 'Job-1' }]);
    await ended();
  });

  it('fails when the laptop was killed meanwhile', async () => {
    await create({ HyperParameters: { hang: 'yes' } });
    await expect.poll(() => logged('hanging'), { timeout: 5000 }).toBe(true);
    const { stateDirectory } = bench.context;
    await bench.close({ keep: true });
    bench = await openBench({ ...options(), stateDirectory });
    sagemaker = new SageMakerClient(bench.client);
    await bench.ready();
    expect(await describeJob()).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: expect.stringContaining('the laptop was stopped') });
  });

  it('keeps its checkpoints in S3, also when it fails, and hands them to the next job of the same place', async () => {
    const CheckpointConfig = { S3Uri: 's3://data/checkpoints/run-1' };
    const spot = { CheckpointConfig, EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 700 } };
    await create({ ...spot, HyperParameters: { checkpoint: 'step-1', hang: '1' } });
    await expect.poll(() => logged('hanging'), { interval: 10, timeout: 10_000 }).toBe(true);
    await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'Job-1' }));
    expect(await ended()).toMatchObject({ TrainingJobStatus: 'Stopped', EnableManagedSpotTraining: true, CheckpointConfig, BillableTimeInSeconds: expect.any(Number) as number });
    expect(logged('resumed from nothing')).toBe(true);
    await create({ ...spot, TrainingJobName: 'Job-2', HyperParameters: { checkpoint: 'step-2' } });
    expect(await ended('Job-2')).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(logged('resumed from step-1')).toBe(true);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'checkpoints/' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['checkpoints/run-1/step-1', 'checkpoints/run-1/step-2']);
  });

  it('refuses checkpoints in a folder that the laptop has not', async () => {
    await create({ CheckpointConfig: { S3Uri: 's3://data/checkpoints', LocalPath: '/var/checkpoints' } });
    expect((await ended()).FailureReason).toMatch(/LocalPath is "\/var\/checkpoints": the laptop serves folders under \/opt\/ml/);
  });

  it('of several instances runs as one with all parts of the data, and says so', async () => {
    await create({ ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 3, VolumeSizeInGB: 10 } });
    expect(await ended()).toMatchObject({ TrainingJobStatus: 'Completed', ResourceConfig: { InstanceCount: 3 } });
    expect(bench.events.some((event) => event.type === 'notice' && /asks for 3 instances.*one instance \(algo-1\) trains with all parts/.test(event.message))).toBe(true);
  });
});
