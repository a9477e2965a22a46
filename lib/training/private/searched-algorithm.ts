import type { TuningObjectiveSpec } from '../tuning-objective.ts';
import type { TuningRangeSpec } from '../tuning-range.ts';

/** What a tuning has to know of the algorithm that it searches. */
export interface SearchedAlgorithm {
  /** The hyperparameters that stay as they are. */
  readonly fixed: Readonly<Record<string, string>>;
  /** What is searched for where the tuning does not say it. @default - the tuning has to */
  readonly objective?: TuningObjectiveSpec;
  /** How many rounds a training job has at most. @default - nobody knows */
  readonly rounds?: number;
  /** The name by which two names of one hyperparameter are known to be one. */
  canonical(name: string): string;
  /** Why a range cannot be searched; nothing where it can. */
  rangeProblem(range: TuningRangeSpec): string | undefined;
  /** Why a metric cannot be searched for; nothing where it can. */
  objectiveProblem(objective: TuningObjectiveSpec): string | undefined;
}

/** An algorithm of the user's own, of which only its fixed hyperparameters and the metrics that are read from its output are known. */
export function ownSearch(fixed: Readonly<Record<string, string>>, metrics: readonly string[]): SearchedAlgorithm {
  return {
    fixed,
    canonical: (name) => name,
    rangeProblem: () => undefined,
    objectiveProblem: ({ metric }) =>
      metrics.includes(metric)
        ? undefined
        : `the objective is '${metric}', which no metric definition reads from the algorithm's output, expected ${metrics.length === 0 ? 'a metric definition of that name' : metrics.join(' or ')}.`,
  };
}
