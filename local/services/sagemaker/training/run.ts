import { readdirSync } from 'node:fs';
import path from 'node:path';
import { findImageProgram } from '../../../compute/image-program.ts';
import { LogFile } from '../../../compute/log-file.ts';
import { trainingEnvironment } from '../../../compute/training/environment.ts';
import { createJobFolder } from '../../../compute/training/job-folder.ts';
import type { JobFolder } from '../../../compute/training/job-folder.ts';
import { metricDefinitions, MetricReader } from '../../../compute/training/metrics.ts';
import type { FinalMetric } from '../../../compute/training/metrics.ts';
import { runProgram } from '../../../compute/training/run-program.ts';
import type { ProgramEnd } from '../../../compute/training/run-program.ts';
import type { ImageProgram, LaptopContext } from '../../../core/context.ts';
import type { Channel, TrainingJobInput, TrainingJobRecord } from './record.ts';
import { CheckpointSync, defaultCheckpointPath } from './checkpoints.ts';
import { JobFailure, S3Transfer } from './s3-transfer.ts';

/** SageMaker's own limit where a job sets none: a day. */
const defaultMaxRuntimeSeconds = 86_400;

/** A job at work. */
export interface JobRun {
  readonly context: LaptopContext;
  /** Where the job's `/opt/ml` lies. */
  readonly folder: string;
  readonly job: TrainingJobRecord;
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  /** Hears of each metric as it is read. */
  watch(metric: FinalMetric): void;
  advance(status: string, message: string, changes?: Partial<TrainingJobRecord>): void;
}

/**
 * Runs a job from its download to its upload.
 * @throws {JobFailure} with the reason for which it failed
 */
export async function runTrainingJob(run: JobRun): Promise<void> {
  const { context, job, stop } = run;
  const { input } = job;
  const program = findProgram(input, context.programs);
  const channels = input.InputDataConfig ?? [];
  const folder = createJobFolder(run.folder, {
    hyperParameters: input.HyperParameters ?? {},
    channels: Object.fromEntries(channels.map((channel) => [channel.ChannelName, channelConfiguration(channel, input)])),
    instanceType: input.ResourceConfig.InstanceType ?? '',
    ...(input.CheckpointConfig === undefined ? {} : { checkpoints: input.CheckpointConfig.LocalPath ?? defaultCheckpointPath }),
  });
  const transfer = new S3Transfer(context, input.RoleArn, input.TrainingJobName);
  run.advance('Downloading', 'Downloading input data', { trainingStartTime: context.clock.now().toISOString() });
  for (const channel of channels) await transfer.download(channel, folder.channel(channel.ChannelName));

  const checkpoints = input.CheckpointConfig === undefined ? undefined : new CheckpointSync(transfer, run.folder, input.CheckpointConfig);
  await checkpoints?.restore();
  const instances = input.ResourceConfig.InstanceCount ?? 1;
  if (instances > 1) {
    context.emit({ type: 'notice', message: `The training job ${input.TrainingJobName} asks for ${String(instances)} instances. The laptop is one machine: one instance (algo-1) trains with all parts of the data.` });
  }

  const reader = new MetricReader(metricDefinitions(input.AlgorithmSpecification.TrainingImage ?? '', input.AlgorithmSpecification.MetricDefinitions ?? []));
  let end: ProgramEnd | undefined;
  if (!stop.aborted) {
    run.advance('Training', 'Training image download completed. Training in progress.');
    checkpoints?.watch();
    try {
      end = await train(run, program, folder, reader);
    } finally {
      await checkpoints?.finish();
    }
  }
  const metrics = reader.final.map((metric) => ({ ...metric, Timestamp: metric.Timestamp.toISOString() }));
  const output = `${input.OutputDataConfig.S3OutputPath.replace(/\/$/, '')}/${input.TrainingJobName}/output`;
  if (readdirSync(folder.outputData).length > 0) await transfer.upload(folder.outputData, `${output}/output.tar.gz`, input.OutputDataConfig.KmsKeyId);
  if (end !== undefined && end.stopped === undefined && end.exit.code !== 0) throw new JobFailure(failureReason(end, folder));

  const stopped = stop.aborted || end?.stopped !== undefined;
  if (!stopped) run.advance('Uploading', 'Uploading generated training model', { metrics });
  const modelArtifacts = `${output}/model.tar.gz`;
  const hasModel = !stopped || readdirSync(folder.model).length > 0;
  if (hasModel) await transfer.upload(folder.model, modelArtifacts, input.OutputDataConfig.KmsKeyId);
  const [status, message] = !stopped
    ? (['Completed', 'Training job completed'] as const)
    : end?.stopped === 'max-runtime'
      ? (['MaxRuntimeExceeded', 'Training job exceeded its maximum runtime'] as const)
      : (['Stopped', 'Training job stopped'] as const);
  const trainingEndTime = context.clock.now().toISOString();
  run.advance(status, message, { status: stopped ? 'Stopped' : 'Completed', metrics, trainingEndTime, ...(hasModel ? { modelArtifacts } : {}) });
}

function findProgram(input: TrainingJobInput, programs: readonly ImageProgram[]): ImageProgram {
  const image = input.AlgorithmSpecification.TrainingImage ?? input.AlgorithmSpecification.AlgorithmName ?? '';
  const found = findImageProgram(image, programs);
  if (found !== undefined) return found;
  const known = programs.length === 0 ? 'none' : programs.map((program) => String(program.image)).join(', ');
  throw new JobFailure(
    `ClientError: no program stands in for the image "${image}" on this laptop. Declare one: an entry {image: /pattern/, command: [executable, ...arguments]} in the laptop's programs. Declared: ${known}.`,
  );
}

function channelConfiguration(channel: Channel, input: TrainingJobInput): Parameters<typeof createJobFolder>[1]['channels'][string] {
  const mode = channel.InputMode ?? input.AlgorithmSpecification.TrainingInputMode;
  if (mode === 'Pipe') throw new JobFailure(`ClientError: channel ${channel.ChannelName} asks for Pipe mode: the laptop serves File and FastFile`);
  return {
    TrainingInputMode: mode,
    S3DistributionType: channel.DataSource.S3DataSource?.S3DataDistributionType ?? 'FullyReplicated',
    RecordWrapperType: channel.RecordWrapperType ?? 'None',
    ...(channel.ContentType === undefined ? {} : { ContentType: channel.ContentType }),
  };
}

async function train({ context, job, stop, kill, watch }: JobRun, program: ImageProgram, folder: JobFolder, reader: MetricReader): Promise<ProgramEnd> {
  const { input } = job;
  const { TrainingJobName: trainingJobName, HyperParameters: hyperParameters = {} } = input;
  const log = new LogFile(path.join(context.stateDirectory, 'logs', `${trainingJobName}.log`));
  try {
    return await runProgram({
      command: [...program.command, ...(input.AlgorithmSpecification.ContainerArguments ?? [])],
      directory: program.directory ?? process.cwd(),
      environment: trainingEnvironment({
        jobName: trainingJobName,
        jobArn: job.arn,
        region: context.region,
        endpoint: context.endpoint(),
        clock: context.clock,
        credentials: context.identity.credentialsFor(input.RoleArn, `SageMaker-${trainingJobName}`.slice(0, 64)),
        folder,
        hyperParameters,
        channels: (input.InputDataConfig ?? []).map(({ ChannelName }) => ChannelName),
        variables: { ...program.environment, ...input.Environment },
      }),
      maxRuntimeMilliseconds: (input.StoppingCondition?.MaxRuntimeInSeconds ?? defaultMaxRuntimeSeconds) * 1000,
      stop,
      kill,
      line(line) {
        log.write(line);
        context.emit({ type: 'service', service: 'sagemaker', name: 'JobLog', detail: { trainingJobName, line } });
        for (const metric of reader.read(line, context.clock.now())) {
          context.emit({ type: 'service', service: 'sagemaker', name: 'JobMetric', detail: { trainingJobName, ...metric } });
          watch(metric);
        }
      },
    });
  } finally {
    log.close();
  }
}

function failureReason({ exit }: ProgramEnd, folder: JobFolder): string {
  const reason = folder.failure() ?? 'the program gave no reason in output/failure; its log says more';
  // SageMaker cuts a reason at 1024 characters.
  return `AlgorithmError: ${reason}, exit code: ${exit.code ?? exit.signal}`.slice(0, 1024);
}
