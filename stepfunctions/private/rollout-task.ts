import type { AslValue, Catcher, TaskState } from './asl.ts';
import { redriveCount } from './failures.ts';
import { stepFunctionsRetries } from './retries.ts';

/** The rollout machine of a target. */
export interface TargetRollout {
  readonly stateMachineArn: string;
  /** How long its plan takes, besides tests and waits. */
  readonly planSeconds: number;
}

/** What a state is made of that runs a rollout. */
export interface RolloutTaskFields {
  readonly comment: string;
  /** What the machine is asked for. */
  readonly input: { readonly [key: string]: AslValue };
  readonly catch?: readonly Catcher[];
  readonly assign?: Readonly<Record<string, AslValue>>;
  /** The next state. @default - the last one */
  readonly next?: string;
}

/** Beyond the plan: waiting for another deployment's end, tests, what serves being changed. */
export const rolloutMarginSeconds = 6 * 3600;

/**
 * The name of the execution: a new one for each try, since one that has ended cannot be started again. A second one goes on where the record says that the
 * first one stands, so that it does no harm beside it.
 */
const executionName =
  "{% $substring($states.context.Execution.Name, 0, 40) & '-' & $substring($hash($states.context.Execution.Id, 'SHA-256'), 0, 8) & " +
  `'-' & $string([$states.context.Execution.RedriveCount, 0][0]) & '-' & $string([$states.context.State.RetryCount, 0][0]) %}`;

/** A state that runs a target's rollout and waits for its end; its failure is the error and the cause of the execution within. */
export function rolloutTask(partition: string, rollout: TargetRollout, fields: RolloutTaskFields): TaskState {
  return {
    Type: 'Task',
    Comment: fields.comment,
    Resource: `arn:${partition}:states:::states:startExecution.sync:2`,
    Arguments: {
      StateMachineArn: rollout.stateMachineArn,
      Name: executionName,
      Input: {
        ...fields.input,
        by: '{% $states.context.Execution.Name %}',
        // Whoever runs this tells of its failure.
        quiet: true,
        patient: true,
        // The console links both.
        AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: '{% $states.context.Execution.Id %}',
      },
    },
    TimeoutSeconds: rollout.planSeconds + rolloutMarginSeconds,
    Retry: stepFunctionsRetries,
    ...(fields.catch === undefined ? {} : { Catch: fields.catch }),
    ...(fields.assign === undefined ? {} : { Assign: fields.assign }),
    Output: '{% $states.result.Output %}',
    ...(fields.next === undefined ? { End: true as const } : { Next: fields.next }),
  };
}

/** Whether a person has redriven the run. */
export const wasRedriven = `{% ${redriveCount.slice(2, -2).trim()} > 0 %}`;
