import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Operation, Output } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Collection } from '../../../core/store.ts';
import { publishNews } from '../../events/publish.ts';
import { checkName } from '../hosting/check.ts';
import type { ContainerClient } from '../hosting/forward.ts';
import type { Models } from '../hosting/models.ts';
import { listPage } from '../lists.ts';
import type { ListInput } from '../lists.ts';
import { checkRequired, invalid } from '../validate.ts';
import type { TransformJobInput, TransformJobRecord } from './record.ts';
import { runTransformJob } from './run.ts';

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** The transform jobs of the laptop: each starts the container of its model, asks it for every batch of its input, and ends it. */
export class TransformJobs {
  readonly #context: LaptopContext;
  readonly #models: Models;
  readonly #client: ContainerClient;
  readonly #jobs: Collection<TransformJobRecord>;
  readonly #running = new Map<string, Running>();
  #closing = false;

  constructor(context: LaptopContext, models: Models, client: ContainerClient) {
    this.#context = context;
    this.#models = models;
    this.#client = client;
    this.#jobs = context.store.collection('sagemaker', 'transform-job');
  }

  /** CreateTransformJob and its relatives. */
  operations(): Readonly<Record<string, Operation>> {
    return {
      CreateTransformJob: (input: TransformJobInput): Output => ({ TransformJobArn: this.#create(input).arn }),
      DescribeTransformJob: ({ TransformJobName }: { TransformJobName: string }): Output => describe(this.#get(TransformJobName)),
      StopTransformJob: ({ TransformJobName }: { TransformJobName: string }): Output => this.#stop(TransformJobName),
      ListTransformJobs: (input: ListInput & { StatusEquals?: string }): Output => {
        const found = this.#jobs.list().filter(({ value }) => input.StatusEquals === undefined || value.status === input.StatusEquals);
        return listPage('TransformJobSummaries', found.map(({ id, value }) => ({ name: id, creationTime: value.creationTime, value })), input, 'Descending', ({ value }) => {
          const { TransformJobName, TransformJobArn, CreationTime, TransformEndTime, TransformJobStatus, FailureReason } = describe(value);
          return { TransformJobName, TransformJobArn, CreationTime, TransformEndTime, TransformJobStatus, FailureReason };
        });
      },
    };
  }

  /** Ends the jobs that an earlier laptop left at work. */
  recover(): void {
    for (const { id, value } of this.#jobs.list()) {
      if ((value.status === 'InProgress' || value.status === 'Stopping') && !this.#running.has(id)) this.#end(id, { status: 'Failed', failureReason: 'InternalServerError: the laptop was stopped while the job ran. Start it again under another name.' });
    }
  }

  /** Kills what runs, as if the laptop had died. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#running.values()].map(({ stop, done }) => {
      stop.abort();
      return done;
    }));
  }

  #create(input: TransformJobInput): TransformJobRecord {
    const { partition, region, accountId, clock } = this.#context;
    const name = input.TransformJobName;
    checkName('transformJobName', name);
    checkTransform(input);
    const model = this.#models.get(input.ModelName).input;
    const arn = `arn:${partition}:sagemaker:${region}:${accountId}:transform-job/${name.toLowerCase()}`;
    if (this.#jobs.get(name) !== undefined) throw new AwsError('ResourceInUse', `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`);
    const time = clock.now().toISOString();
    const created: TransformJobRecord = { arn, input, status: 'InProgress', creationTime: time, startTime: time };
    this.#save(created);
    const stop = new AbortController();
    const folder = path.join(this.#context.stateDirectory, 'transform', name);
    rmSync(folder, { recursive: true, force: true });
    const done = runTransformJob({ context: this.#context, client: this.#client, input, model, folder, signal: stop.signal })
      .then(
        () => this.#end(name, { status: stop.signal.aborted ? 'Stopped' : 'Completed' }),
        (error: unknown) => this.#end(name, stop.signal.aborted ? { status: 'Stopped' } : { status: 'Failed', failureReason: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => {
        rmSync(folder, { recursive: true, force: true });
        this.#running.delete(name);
      });
    this.#running.set(name, { stop, done });
    return created;
  }

  #stop(name: string): Output {
    const record = this.#get(name);
    if (record.status !== 'InProgress') throw invalid(`The request was rejected because the transform job is in status ${record.status}`);
    this.#save({ ...record, status: 'Stopping' });
    this.#running.get(name)?.stop.abort();
    return {};
  }

  #get(name: string): TransformJobRecord {
    const found = this.#jobs.get(name);
    if (found === undefined) throw new AwsError('ResourceNotFound', `Could not find requested job with name: ${name}`);
    return found;
  }

  #end(name: string, changes: Partial<TransformJobRecord>): void {
    const record = this.#jobs.get(name);
    if (this.#closing || record === undefined) return;
    this.#save({ ...record, ...changes, endTime: this.#context.clock.now().toISOString() });
  }

  #save(record: TransformJobRecord): void {
    this.#jobs.put(record.input.TransformJobName, record);
    this.#context.emit({ type: 'service', service: 'sagemaker', name: 'TransformJobStatus', detail: { transformJobName: record.input.TransformJobName, status: record.status } });
    const detail = JSON.stringify(describe(record), (key, value: unknown) => (key.endsWith('Time') && typeof value === 'string' ? Date.parse(value) : value));
    void publishNews(this.#context, 'sagemaker.amazonaws.com', { source: 'aws.sagemaker', detailType: 'SageMaker Transform Job State Change', resources: [record.arn], detail: JSON.parse(detail) as object });
  }
}

function checkTransform({ TransformInput: input, TransformOutput: output, DataProcessing: processing, BatchStrategy: strategy }: TransformJobInput): void {
  checkRequired('transformInput', input);
  checkRequired('transformOutput', output);
  const split = input.SplitType ?? 'None';
  if (split !== 'None' && split !== 'Line') throw new AwsError('NotImplemented', `SplitType ${split} is not served on the laptop: it serves None and Line.`, 501);
  if (strategy === 'SingleRecord' && split === 'None') throw invalid('BatchStrategy SingleRecord needs a SplitType, found None');
  const { InputFilter = '$', OutputFilter = '$', JoinSource = 'None' } = processing ?? {};
  if (InputFilter !== '$' || OutputFilter !== '$' || JoinSource !== 'None') throw new AwsError('NotImplemented', 'DataProcessing (filters and joins) is not served on the laptop.', 501);
}

function describe({ arn, input, status, creationTime, startTime, endTime, failureReason }: TransformJobRecord): Output {
  const { Tags: _tags, ...members } = input;
  return {
    ...members,
    TransformJobArn: arn,
    TransformJobStatus: status,
    CreationTime: new Date(creationTime),
    ...(startTime === undefined ? {} : { TransformStartTime: new Date(startTime) }),
    ...(endTime === undefined ? {} : { TransformEndTime: new Date(endTime) }),
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
  };
}
