import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { machineTime } from '../../../core/clock.ts';
import type { LaptopContext } from '../../../core/context.ts';
import type { TrainingJobInput } from '../training/record.ts';
import type { TrainingJobs } from '../training/training-jobs.ts';
import { lossOf } from './outcome.ts';
import type { TrialRecord, TuningJobRecord } from './record.ts';
import { objectiveIn } from './describe.ts';
import type { Point } from './samplers/space.ts';
import { valuesAt } from './samplers/space.ts';
import type { Observation } from './samplers/tpe.ts';
import { searchSpace } from './search-space.ts';
import { strategyOf } from './strategy.ts';

/** A tuning job at work. */
export interface TuningRun {
  readonly context: LaptopContext;
  readonly jobs: TrainingJobs;
  readonly record: TuningJobRecord;
  /** Abort it to start no more trials and to stop those that run. */
  readonly stop: AbortSignal;
  /** A trial was started, or something more is known of one. */
  trial(record: TrialRecord): void;
}

/** Runs the trials of a tuning job, a few at a time, until there are as many as it may have, it is stopped, or its time is over. */
export async function runTrials(run: TuningRun): Promise<void> {
  const { record, jobs } = run;
  const config = record.input.HyperParameterTuningJobConfig;
  const { MaxNumberOfTrainingJobs: most = 0, MaxParallelTrainingJobs: parallel, MaxRuntimeInSeconds: seconds = Infinity } = config.ResourceLimits;
  const space = searchSpace(config);
  const strategy = strategyOf(config, space, record.seed);
  const objective = objectiveIn(record);
  const history: { point: Point; loss?: number }[] = [];
  const running = new Map<number, Promise<void>>();
  const names = new Set<string>();
  const timeIsOver = Date.parse(record.creationTime) + machineTime(run.context.clock, seconds * 1000);

  const start = (number: number): void => {
    const observation: { point: Point; loss?: number } = { point: strategy.next(history as readonly Observation[], number) };
    history.push(observation);
    const tuned = valuesAt(space, observation.point);
    const trial: TrialRecord = { trainingJobName: trialName(record.input.HyperParameterTuningJobName, number), tuned };
    const name = trial.trainingJobName;
    names.add(name);
    run.trial(trial);
    let epochs = 0;
    const { MaxResource: greatest } = config.StrategyConfig?.HyperbandStrategyConfig ?? {};
    const done = jobs.run(trainingJob(record, trial), ({ MetricName, Value }) => {
      if (MetricName !== objective.MetricName) return;
      observation.loss = lossOf(Value, objective);
      epochs += 1;
      if (!strategy.stopping.report(name, observation.loss)) return;
      if (epochs === greatest) run.trial({ ...trial, atGreatestResource: true });
      jobs.stopIfRunning(name);
    });
    running.set(number, done.then(() => void running.delete(number)));
  };
  const stopAll = (): void => names.forEach((name) => jobs.stopIfRunning(name));
  run.stop.addEventListener('abort', stopAll, { once: true });
  const waiting = new AbortController();
  const limit = seconds === Infinity ? undefined : run.context.clock.sleep(machineTime(run.context.clock, seconds * 1000), waiting.signal).then(stopAll, () => undefined);
  try {
    for (let number = 0; number < most && !run.stop.aborted && run.context.clock.now().getTime() < timeIsOver; number += 1) {
      start(number);
      if (running.size >= Math.min(parallel, availableParallelism())) await Promise.race(running.values());
    }
    await Promise.all(running.values());
  } finally {
    run.stop.removeEventListener('abort', stopAll);
    waiting.abort();
    await limit;
  }
}

/** SageMaker's form: the tuning job's name, the trial's number and eight hexadecimal digits. */
function trialName(tuningJob: string, number: number): string {
  const digits = createHash('sha256').update(`${tuningJob}/${String(number)}`).digest('hex').slice(0, 8);
  return `${tuningJob}-${String(number + 1).padStart(3, '0')}-${digits}`;
}

/** A trial as CreateTrainingJob would take it. The container learns its objective by a hyperparameter, as on AWS. */
function trainingJob(record: TuningJobRecord, { trainingJobName, tuned }: TrialRecord): TrainingJobInput {
  const { DefinitionName: _name, StaticHyperParameters: fixed = {}, ...definition } = record.input.TrainingJobDefinition!;
  const { MetricName } = objectiveIn(record);
  return {
    ...definition,
    TrainingJobName: trainingJobName,
    HyperParameters: { ...fixed, ...tuned, _tuning_objective_metric: MetricName },
    ...(record.input.Tags === undefined ? {} : { Tags: record.input.Tags }),
  };
}
