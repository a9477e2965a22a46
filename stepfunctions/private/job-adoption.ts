import type { AslValue, WaitState } from './asl.ts';
import { redriveCount } from './failures.ts';

/**
 * What training jobs and tuning jobs have in common when a run adopts the one that it made before.
 *
 * A job's name says the run and the attempt. A call whose answer was lost is made again under the same name, which SageMaker refuses
 * (`ResourceInUse`): the job is then described, checked and waited for, as `.sync` would. Otherwise two jobs would run, and cost.
 */

/** How often at most, and how many times in all, a job is looked at that Step Functions does not wait for itself. A look is nine events, and an execution may have 25,000. */
const leastPollSeconds = 60;
const mostPolls = 2000;

/** Step Functions names an error after the exception of the Java SDK, which ends in `Exception`; SageMaker itself does not. */
export const spellings = (error: string): string[] => [`${error}Exception`, error];

/** SageMaker has a job of this name already. */
export const nameInUse: readonly string[] = spellings('SageMaker.ResourceInUse');

/** Whether a described job was made by this very run, as JSONata: the names of executions may come again after 90 days, those of jobs may not. Its times are texts or, from `.sync`, milliseconds. */
export const madeByThisRun =
  "{% ($created := $states.result.CreationTime; $not($exists($created)) or ($type($created) = 'string' ? $toMillis($created) : $created) >= $toMillis($states.context.Execution.StartTime)) %}";

/** Gives a job time until it is described again. @param jobSeconds how long it may take in all */
export function waitForJob(comment: string, next: string, jobSeconds: number): WaitState {
  return { Type: 'Wait', Comment: comment, Seconds: Math.max(leastPollSeconds, Math.ceil(jobSeconds / mostPolls)), Next: next };
}

/** The variable `failure` of a state whose job ended otherwise than hoped. @param cause an expression */
export function jobFailure(state: string, error: string, cause: string): AslValue {
  return { state, error, cause: `{% ${cause} %}`, redriveCount };
}

/** An expression for why a job is left alone that another run made under the same name. @param what such as `training job` @param name an expression */
export function nameTaken(what: string, name: string): string {
  return `'The ${what} ' & ${name} & ' was made before this run: a run of the same name made it. Start the run under another name.'`;
}

/** An expression for a job that was waited for and cannot be described any more: what led to the waiting is no reason. `$job` holds its status. */
export function lostSight(what: string, name: string): string {
  return `'The ${what} ' & ${name} & ' was still ' & $job.status & ' when it was last described, and could not be described again.'`;
}
