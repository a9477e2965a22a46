import type { TrainingJobInput } from '../training/record.ts';

/** What is tuned for. */
export interface TuningObjective {
  readonly Type: 'Minimize' | 'Maximize';
  readonly MetricName: string;
}

interface Range {
  readonly Name: string;
  readonly MinValue: string;
  readonly MaxValue: string;
  readonly ScalingType?: string;
}

/** HyperParameterTuningJobConfig, as far as the laptop acts on it. */
export interface TuningConfig {
  readonly Strategy: string;
  readonly StrategyConfig?: { readonly HyperbandStrategyConfig?: { readonly MinResource?: number; readonly MaxResource?: number } };
  readonly HyperParameterTuningJobObjective?: TuningObjective;
  readonly ResourceLimits: { readonly MaxNumberOfTrainingJobs?: number; readonly MaxParallelTrainingJobs: number; readonly MaxRuntimeInSeconds?: number };
  readonly ParameterRanges?: {
    readonly IntegerParameterRanges?: readonly Range[];
    readonly ContinuousParameterRanges?: readonly Range[];
    readonly CategoricalParameterRanges?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
    readonly AutoParameters?: readonly unknown[];
  };
  readonly TrainingJobEarlyStoppingType?: string;
  readonly TuningJobCompletionCriteria?: unknown;
  readonly RandomSeed?: number;
}

/** TrainingJobDefinition: what each training job is made of besides its name and its hyperparameters. */
export type TrialDefinition = Omit<TrainingJobInput, 'TrainingJobName' | 'HyperParameters' | 'Tags'> & {
  readonly DefinitionName?: string;
  readonly StaticHyperParameters?: Readonly<Record<string, string>>;
  readonly HyperParameterTuningResourceConfig?: unknown;
};

/** The members of CreateHyperParameterTuningJob that the laptop acts on. */
export interface TuningJobInput {
  readonly HyperParameterTuningJobName: string;
  readonly HyperParameterTuningJobConfig: TuningConfig;
  readonly TrainingJobDefinition?: TrialDefinition;
  readonly TrainingJobDefinitions?: readonly unknown[];
  readonly WarmStartConfig?: unknown;
  readonly Autotune?: unknown;
  readonly Tags?: TrainingJobInput['Tags'];
}

/** A training job of a tuning job. What became of it is kept by the training job itself. */
export interface TrialRecord {
  readonly trainingJobName: string;
  readonly tuned: Readonly<Record<string, string>>;
  /** Whether it was ended at the greatest resource of Hyperband, so that it is as complete as any. */
  readonly atGreatestResource?: true;
}

/** A tuning job as the store keeps it; times are ISO. */
export interface TuningJobRecord {
  readonly arn: string;
  readonly input: TuningJobInput;
  readonly seed: number;
  readonly status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  readonly creationTime: string;
  readonly lastModifiedTime: string;
  readonly endTime?: string;
  readonly failureReason?: string;
  readonly trials: readonly TrialRecord[];
}

/** Whether the job is over. */
export function isOver({ status }: Pick<TuningJobRecord, 'status'>): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}
