import { randomInt } from 'node:crypto';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Collection } from '../../../core/store.ts';
import { publishNews } from '../../events/publish.ts';
import type { TrainingJobs } from '../training/training-jobs.ts';
import { describeTuningJob, objectiveIn } from './describe.ts';
import { bestTrial } from './outcome.ts';
import type { Trial } from './outcome.ts';
import { isOver } from './record.ts';
import type { TrialRecord, TuningJobInput, TuningJobRecord } from './record.ts';
import { runTrials } from './run.ts';

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** The hyperparameter tuning jobs of the laptop; their trials are training jobs like any other. */
export class TuningJobs {
  readonly #context: LaptopContext;
  readonly #training: TrainingJobs;
  readonly #jobs: Collection<TuningJobRecord>;
  readonly #running = new Map<string, Running>();
  #closing = false;

  constructor(context: LaptopContext, training: TrainingJobs) {
    this.#context = context;
    this.#training = training;
    this.#jobs = context.store.collection('sagemaker', 'tuning-job');
  }

  /** @throws {AwsError} ResourceInUse when there was a job of this name */
  create(input: TuningJobInput): TuningJobRecord {
    const { partition, region, accountId, clock } = this.#context;
    const name = input.HyperParameterTuningJobName;
    const arn = `arn:${partition}:sagemaker:${region}:${accountId}:hyper-parameter-tuning-job/${name.toLowerCase()}`;
    if (this.#jobs.get(name.toLowerCase()) !== undefined) {
      throw new AwsError('ResourceInUse', `Tuning job names must be unique within an AWS account and region, and a tuning job with this name already exists (${arn})`);
    }
    const time = clock.now().toISOString();
    const seed = input.HyperParameterTuningJobConfig.RandomSeed ?? randomInt(2 ** 31);
    const created: TuningJobRecord = { arn, input, seed, status: 'InProgress', creationTime: time, lastModifiedTime: time, trials: [] };
    this.#save(created, {});
    const stop = new AbortController();
    const done = this.#run(created, stop.signal).finally(() => this.#running.delete(arn));
    this.#running.set(arn, { stop, done });
    return created;
  }

  /** @throws {AwsError} ResourceNotFound when there is none */
  get(name: string): TuningJobRecord {
    const found = this.#jobs.get(name.toLowerCase());
    if (found === undefined) throw new AwsError('ResourceNotFound', `Could not find hyperparameter tuning job '${name}'.`);
    return found;
  }

  /** All jobs. */
  list(): TuningJobRecord[] {
    return this.#jobs.list().map(({ value }) => value);
  }

  /** The trials of a job, in the order in which they were started. */
  trials({ trials }: TuningJobRecord): Trial[] {
    return trials.flatMap((record) => {
      const job = this.#training.find(record.trainingJobName);
      return job === undefined ? [] : [{ record, job }];
    });
  }

  /** Asks a job to stop. One that is over stays as it is. @throws {AwsError} ResourceNotFound when there is none */
  stop(name: string): void {
    const record = this.get(name);
    if (isOver(record)) return;
    this.#save(record, { status: 'Stopping' });
    this.#running.get(record.arn)?.stop.abort();
  }

  /** Ends the jobs that ran when an earlier laptop ended. */
  recover(): void {
    for (const record of this.list()) {
      if (!isOver(record) && !this.#running.has(record.arn)) this.#end(record, 'Failed', 'InternalServerError: the laptop was stopped while the job ran. Start it again under another name.');
    }
  }

  /** Starts no more trials. Those that run are ended with the training jobs, which close after. */
  close(): void {
    this.#closing = true;
    for (const { stop } of this.#running.values()) stop.abort();
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #run(created: TuningJobRecord, stop: AbortSignal): Promise<void> {
    const name = created.input.HyperParameterTuningJobName;
    try {
      await runTrials({
        context: this.#context,
        jobs: this.#training,
        record: created,
        stop,
        trial: (trial) => this.#save(this.get(name), { trials: withTrial(this.get(name).trials, trial) }),
      });
    } catch (error) {
      this.#end(this.get(name), 'Failed', `InternalServerError: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const record = this.get(name);
    if (stop.aborted) return this.#end(record, 'Stopped');
    const best = bestTrial(this.trials(record), objectiveIn(record));
    if (best !== undefined) return this.#end(record, 'Completed');
    this.#end(record, 'Failed', noBestReason(this.trials(record), objectiveIn(record).MetricName));
  }

  #end(record: TuningJobRecord, status: 'Completed' | 'Failed' | 'Stopped', failureReason?: string): void {
    if (this.#closing) return;
    this.#save(record, { status, endTime: this.#context.clock.now().toISOString(), ...(failureReason === undefined ? {} : { failureReason }) });
  }

  #save(record: TuningJobRecord, changes: Partial<TuningJobRecord>): void {
    if (this.#closing) return;
    const now = this.#context.clock.now();
    const saved = { ...record, ...changes, lastModifiedTime: now.toISOString() };
    const tuningJobName = record.input.HyperParameterTuningJobName;
    this.#jobs.put(tuningJobName.toLowerCase(), saved);
    if (changes.trials !== undefined) return;
    this.#context.emit({ type: 'service', service: 'sagemaker', name: 'TuningJobStatus', detail: { tuningJobName, status: saved.status } });
    const detail = JSON.stringify(describeTuningJob(saved, this.trials(saved), now), (key, value: unknown) => (key.endsWith('Time') && typeof value === 'string' ? Date.parse(value) : value));
    void publishNews(this.#context, 'sagemaker.amazonaws.com', {
      source: 'aws.sagemaker',
      detailType: 'SageMaker HyperParameter Tuning Job State Change',
      resources: [record.arn],
      detail: JSON.parse(detail) as object,
    });
  }
}

function withTrial(trials: readonly TrialRecord[], trial: TrialRecord): TrialRecord[] {
  const index = trials.findIndex(({ trainingJobName }) => trainingJobName === trial.trainingJobName);
  return index === -1 ? [...trials, trial] : trials.with(index, trial);
}

function noBestReason(trials: readonly Trial[], metric: string): string {
  const reasons = trials.flatMap(({ job }) => job.failureReason ?? []);
  if (reasons.length === trials.length) return `All training jobs failed. The first of them: ${reasons[0] ?? 'there was none'}`.slice(0, 1024);
  return `No training job that ended told the objective metric ${metric}: it is read from the output by the job's metric definitions, or is one of those that a built-in algorithm is known for.`;
}
