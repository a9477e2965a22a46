import { rmSync } from 'node:fs';
import path from 'node:path';
import type { FinalMetric } from '../../../compute/training/metrics.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Collection } from '../../../core/store.ts';
import { publishNews } from '../../events/publish.ts';
import { describeTrainingJob } from './describe.ts';
import { advance, isOver } from './record.ts';
import type { TrainingJobInput, TrainingJobRecord } from './record.ts';
import { runTrainingJob } from './run.ts';

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** The training jobs of the laptop: each a child process, one after its creation. */
export class TrainingJobs {
  readonly #context: LaptopContext;
  readonly #jobs: Collection<TrainingJobRecord>;
  readonly #running = new Map<string, Running>();
  readonly #closing = new AbortController();

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#jobs = context.store.collection('sagemaker', 'training-job');
  }

  /**
   * @param watch hears of each metric as it is read.
   * @throws {AwsError} ResourceInUse when there was a job of this name
   */
  create(input: TrainingJobInput, watch: (metric: FinalMetric) => void = () => undefined): TrainingJobRecord {
    const { partition, region, accountId, clock } = this.#context;
    const name = input.TrainingJobName;
    const arn = `arn:${partition}:sagemaker:${region}:${accountId}:training-job/${name.toLowerCase()}`;
    if (this.#jobs.get(name) !== undefined) {
      throw new AwsError('ResourceInUse', `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`);
    }
    const now = clock.now();
    const time = now.toISOString();
    const created = advance({ arn, input, status: 'InProgress', transitions: [], creationTime: time, lastModifiedTime: time, metrics: [] }, now, 'Starting', 'Starting the training job');
    this.#save(created);
    const stop = new AbortController();
    const done = this.#run(created, stop.signal, watch).finally(() => this.#running.delete(name));
    this.#running.set(name, { stop, done });
    return created;
  }

  /** Creates a job and resolves when it is over. @throws {AwsError} ResourceInUse when there was a job of this name */
  async run(input: TrainingJobInput, watch: (metric: FinalMetric) => void): Promise<void> {
    const { TrainingJobName } = this.create(input, watch).input;
    await this.#running.get(TrainingJobName)?.done;
  }

  /** The job of this name, if there is one. */
  find(name: string): TrainingJobRecord | undefined {
    return this.#jobs.get(name);
  }

  /** @throws {AwsError} ValidationException when there is none */
  get(name: string): TrainingJobRecord {
    const found = this.#jobs.get(name);
    if (found === undefined) throw new AwsError('ValidationException', 'Requested resource not found.');
    return found;
  }

  /** All jobs. */
  list(): TrainingJobRecord[] {
    return this.#jobs.list().map(({ value }) => value);
  }

  /** Asks a job to stop. @throws {AwsError} ValidationException when it is over already */
  stop(name: string): void {
    const record = this.get(name);
    if (isOver(record)) throw new AwsError('ValidationException', `The request was rejected because the training job is in status ${record.status}`);
    if (record.status === 'Stopping') return;
    this.#save(advance(record, this.#context.clock.now(), 'Stopping', 'Stopping the training job', { status: 'Stopping' }));
    this.#running.get(name)?.stop.abort();
  }

  /** Asks a job to stop if it runs. */
  stopIfRunning(name: string): void {
    if (!this.#closing.signal.aborted && this.#jobs.get(name)?.status === 'InProgress') this.stop(name);
  }

  /** Ends the jobs that an earlier laptop left at work. */
  recover(): void {
    for (const record of this.list()) {
      if (isOver(record) || this.#running.has(record.input.TrainingJobName)) continue;
      this.#end(record, 'InternalServerError: the laptop was stopped while the job ran. Start it again under another name.');
    }
  }

  /** Kills what runs, as if the laptop had died. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #run(created: TrainingJobRecord, stop: AbortSignal, watch: (metric: FinalMetric) => void): Promise<void> {
    const name = created.input.TrainingJobName;
    const folder = path.join(this.#context.stateDirectory, 'training', name);
    rmSync(folder, { recursive: true, force: true });
    try {
      await runTrainingJob({
        context: this.#context,
        folder,
        job: created,
        stop,
        kill: this.#closing.signal,
        watch,
        advance: (status, message, changes) => {
          if (!this.#closing.signal.aborted) this.#save(advance(this.get(name), this.#context.clock.now(), status, message, changes));
        },
      });
    } catch (error) {
      this.#end(this.get(name), error instanceof Error ? error.message : String(error));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #end(record: TrainingJobRecord, failureReason: string): void {
    if (this.#closing.signal.aborted) return;
    const now = this.#context.clock.now();
    this.#save(advance(record, now, 'Failed', 'Training job failed', { status: 'Failed', failureReason, trainingEndTime: now.toISOString() }));
  }

  #save(record: TrainingJobRecord): void {
    this.#jobs.put(record.input.TrainingJobName, record);
    const { TrainingJobName: trainingJobName } = record.input;
    const secondaryStatus = record.transitions.at(-1)?.Status;
    this.#context.emit({ type: 'service', service: 'sagemaker', name: 'TrainingJobStatus', detail: { trainingJobName, status: record.status, secondaryStatus } });
    const detail = JSON.stringify(describeTrainingJob(record), (key, value: unknown) => (key.endsWith('Time') && typeof value === 'string' ? Date.parse(value) : value));
    void publishNews(this.#context, 'sagemaker.amazonaws.com', {
      source: 'aws.sagemaker',
      detailType: 'SageMaker Training Job State Change',
      resources: [record.arn],
      detail: JSON.parse(detail) as object,
    });
  }
}
