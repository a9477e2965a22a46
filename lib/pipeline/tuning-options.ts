import type { Tuning } from '../training/tuning.ts';

/** Whether hyperparameters are searched. */
export interface TuningPipelineOptions {
  /**
   * Searches the algorithm's hyperparameters in several training jobs, and goes on with the best. `instanceType`, `maxTrainingTime` and
   * what else is said of training holds for each of them.
   * @default - none: one training job with the hyperparameters of the algorithm
   */
  readonly tuning?: Tuning;
}
