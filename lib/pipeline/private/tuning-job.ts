import { Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { TuningJob } from '../../../stepfunctions/training-pipeline.ts';
import { allow } from '../../private/permissions.ts';
import type { AlgorithmConfig } from '../../training/algorithm-config.ts';
import type { Tuning } from '../../training/tuning.ts';
import type { TuningRangeSpec } from '../../training/tuning-range.ts';
import type { TrainingPipelineOptions } from '../training-pipeline-props.ts';

/** What each tuning job's name of a pipeline starts with: of its 32 characters, 15 are left for the run and the attempt. */
export function tuningJobNamePrefix(pipelineName: string, address: string): string {
  return `${pipelineName.slice(0, 8)}-${address.slice(-6)}`;
}

/** A pipeline's tuning as its state machine needs it; undefined where there is none. It has been validated. */
export function renderTuning({ tuning, algorithm, dataset, metricDefinitions = [] }: TrainingPipelineOptions, jobNamePrefix: string): TuningJob | undefined {
  if (tuning === undefined) return undefined;
  const searched = algorithm.search(dataset, metricDefinitions.map(({ name }) => name));
  const { strategy, ranges, objective = searched.objective, maxTrials, maxParallelTrials, seed, maxTime, stopTrialsEarly, minResource = 1, maxResource = searched.rounds } = tuning.toJSON();
  const numbers = (kind: 'integer' | 'continuous') => ranges.filter((range): range is Extract<TuningRangeSpec, { kind: 'integer' | 'continuous' }> => range.kind === kind);
  return {
    jobNamePrefix,
    strategy,
    // There is one: `validateTuning` has seen to it.
    objective: objective!,
    integers: numbers('integer'),
    continuous: numbers('continuous'),
    categories: ranges.filter((range) => range.kind === 'categorical'),
    maxTrials,
    maxParallelTrials,
    maxSeconds: maxTime.toSeconds(),
    seed,
    stopTrialsEarly,
    ...(strategy === 'Hyperband' && maxResource !== undefined ? { resource: { least: minResource, greatest: maxResource } } : {}),
  };
}

/** Lets a function list the trials of the pipeline's tuning jobs. */
export function allowListTrials(role: IRole, { jobNamePrefix }: TuningJob): void {
  allow(role, {
    actions: ['sagemaker:ListTrainingJobsForHyperParameterTuningJob'],
    resources: [Stack.of(role).formatArn({ service: 'sagemaker', resource: 'hyper-parameter-tuning-job', resourceName: `${jobNamePrefix}-*` })],
    wildcard: 'Each run makes a tuning job under a name of its own that starts with the prefix of the pipeline.',
  });
}

/** The algorithm's hyperparameters without those that are searched: SageMaker takes each in one place only. */
export function withoutSearched(algorithm: AlgorithmConfig, tuning: Tuning | undefined): AlgorithmConfig {
  if (tuning === undefined) return algorithm;
  const searched = new Set(tuning.toJSON().ranges.map(({ name }) => name));
  return { ...algorithm, hyperParameters: Object.fromEntries(Object.entries(algorithm.hyperParameters).filter(([name]) => !searched.has(name))) };
}
