import type { State } from './asl.ts';
import { lambdaTask } from './lambda-task.ts';
import type { InvokedFunction } from './lambda-task.ts';

/**
 * What brings a target to its record that does not follow it by itself. The function is handed `{"rollout", "targetName"?}`, reads the record, takes the next step towards it
 * where one is due, and answers at once: `{"settled": boolean, "status": "APPLIED" | "APPLYING" | "FAILED", "reason"?}`. It is called until it has settled, and may be called again after that.
 */
export interface RolloutDriver {
  readonly function: InvokedFunction;
  /** Between two calls. */
  readonly pollSeconds: number;
  /** When a change counts as stuck: nothing further is sent then. */
  readonly deadlineSeconds: number;
}

/** The states that bring what serves to its record, and go on at `Route`. */
export function applyStates(partition: string, driver: RolloutDriver): Readonly<Record<string, State>> {
  const polls = Math.max(1, Math.ceil(driver.deadlineSeconds / driver.pollSeconds));
  return {
    ApplyDeployment: lambdaTask(partition, driver.function, {
      comment: 'Takes what serves a step towards its record.',
      payload: { rollout: '{% $rollout %}' },
      assign: { apply: '{% $states.result.Payload %}', applied: '{% $applied + 1 %}' },
      catch: [{ ErrorEquals: ['States.ALL'], Assign: { apply: { settled: true, status: 'FAILED', reason: "{% $states.errorOutput.Error & ': ' & [$states.errorOutput.Cause, ''][0] %}" } }, Next: 'CheckApplied' }],
      next: 'CheckApplied',
    }),

    CheckApplied: {
      Type: 'Choice',
      Comment: 'Goes on once what serves is as its record says; takes the version back where it cannot be, or does not come to rest.',
      Choices: [
        { Condition: "{% $apply.settled and $apply.status != 'FAILED' %}", Next: 'Route' },
        // What goes wrong on the way back is told, and not taken back once more.
        { Condition: "{% $apply.settled and $rollout.status in ['ROLLED_BACK', 'CHANGED', 'FAILED'] %}", Assign: { failure: applyFailure, rollout: notBroughtBack }, Next: 'CheckTold' },
        { Condition: '{% $apply.settled %}', Assign: { failure: applyFailure }, Next: 'RollBack' },
        {
          Condition: `{% $applied >= ${String(polls)} %}`,
          Assign: { stuck: true, failure: { error: 'DeploymentStuck', cause: `{% 'It did not come to rest within ${String(driver.deadlineSeconds)} s: ' & [$apply.reason, $apply.status][0] & '. Nothing further was sent to it.' %}` } },
          Next: 'RollBack',
        },
      ],
      Default: 'WaitForDeployment',
    },

    WaitForDeployment: {
      Type: 'Wait',
      Comment: 'Gives what serves time.',
      Seconds: driver.pollSeconds,
      Next: 'ApplyDeployment',
    },
  };
}

const applyFailure = { error: 'DeploymentFailed', cause: "{% [$apply.reason, 'no reason was given'][0] %}" };

const notBroughtBack =
  "{% $merge([$rollout, {'status': 'FAILED', 'reason': ([$rollout.reason, ''][0] & ' What serves could not be brought to its record: ' & [$apply.reason, 'no reason was given'][0])}]) %}";
