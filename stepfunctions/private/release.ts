import type { AslValue, Catcher, State } from './asl.ts';
import { catchAll, failureOf, redriveCount } from './failures.ts';
import { lambdaTask } from './lambda-task.ts';
import type { InvokedFunction } from './lambda-task.ts';
import { lambdaRetries } from './retries.ts';
import { rolloutTask, wasRedriven } from './rollout-task.ts';
import type { TargetRollout } from './rollout-task.ts';

/** How a model gets from staging to production. */
export interface ReleaseProps {
  /** The base URL of production's prediction API. */
  readonly endpointUrl: string;
  /** Asks a person, and waits so long. @default - nobody is asked: a model that passed its gates and staging is released */
  readonly approval?: { readonly requestApproval: InvokedFunction; readonly timeoutSeconds: number };
  readonly releaseModel: InvokedFunction;
  /** Brings the version to production, step by step. */
  readonly rollout: TargetRollout;
}

/** What the states of a release are handed from the pipeline around them. */
export interface ReleaseFields {
  readonly partition: string;
  readonly run: AslValue;
  readonly model: AslValue;
}

/** What a decision stands on. */
const evidence = {
  summary: '{% $evaluation.summary %}',
  metrics: '{% $evaluation.metrics %}',
  gates: '{% $evaluation.gates %}',
  evaluation: '{% $evaluation.evaluation %}',
  report: '{% $evaluation.report %}',
};

/** The states between the test of staging and NotifySuccess, in their order; the first one first. */
export function releaseStates(release: ReleaseProps, fields: ReleaseFields): Readonly<Record<string, State>> {
  const { partition, run, model } = fields;
  const { approval } = release;
  return {
    ...(approval === undefined ? {} : { AwaitApproval: awaitApproval(approval, fields) }),

    DeployToProduction: lambdaTask(partition, release.releaseModel, {
      comment: 'Makes the highest approved version the one that production shall serve: this one, unless a higher one is approved as well.',
      payload: { approval: approval === undefined ? 'automatic' : 'manual', run, model, evidence, again: wasRedriven },
      assign: { release: '{% $states.result.Payload %}' },
      catch: catchAll('DeployToProduction', 'NotifyFailure'),
      next: 'CheckRelease',
    }),

    CheckRelease: {
      Type: 'Choice',
      Comment: 'Ends the run where a higher version serves production already; that is no failure.',
      // Also the rollout of a higher version, where nobody else has begun it.
      Choices: [{ Condition: "{% $type($release.rollout) = 'string' %}", Next: 'RollOutToProduction' }],
      Assign: { servedVersion: '{% $release.servedVersion %}' },
      Default: 'NotifySuperseded',
    },

    RollOutToProduction: rolloutTask(partition, release.rollout, {
      comment: 'Tries the version out on production with the row that staging was tested with, moves traffic to it step by step, and takes it back where it fails.',
      // The row itself: by the time that a person has decided, what the run kept between its steps may have expired.
      input: { action: 'follow', id: '{% $release.rollout %}', model: '{% $release.model %}', rows: ['{% $staging.smokeTest.input %}'] },
      assign: { production: '{% $states.result.Output %}' },
      // A redriven run asks once more what production shall serve: a version that was taken back is then deployed anew.
      catch: [{ ErrorEquals: ['States.ALL'], Assign: { failure: failureOf('DeployToProduction') }, Next: 'NotifyFailure' }],
      next: 'CheckProduction',
    }),

    CheckProduction: {
      Type: 'Choice',
      Comment: 'Ends the run where another deployment took the place of this one; that is no failure.',
      Choices: [{ Condition: "{% 'SUPERSEDED' in [$release.status, $production.status] %}", Assign: { servedVersion: '{% $production.servedVersion %}' }, Next: 'NotifySuperseded' }],
      Default: 'NotifySuccess',
    },
  };
}

/** The state after the test of staging. */
export function firstReleaseState({ approval }: ReleaseProps): string {
  return approval === undefined ? 'DeployToProduction' : 'AwaitApproval';
}

function awaitApproval({ requestApproval, timeoutSeconds }: NonNullable<ReleaseProps['approval']>, { partition, run, model }: ReleaseFields): State {
  return {
    Type: 'Task',
    Comment: 'Asks people whether the model shall serve production, and waits for their decision: slipway approve, the registry in the console, or the AWS CLI.',
    Resource: `arn:${partition}:states:::lambda:invoke.waitForTaskToken`,
    Arguments: {
      FunctionName: requestApproval.functionArn,
      Payload: {
        taskToken: '{% $states.context.Task.Token %}',
        enteredAt: '{% $states.context.State.EnteredTime %}',
        attempt: '{% [$states.context.State.RetryCount, 0][0] %}',
        redriveCount,
        timeoutSeconds,
        run,
        model,
        evidence,
      },
    },
    TimeoutSeconds: timeoutSeconds,
    Retry: lambdaRetries,
    Catch: [timedOut(timeoutSeconds), ...catchAll('AwaitApproval', 'NotifyFailure')],
    Assign: { approval: '{% $states.result %}' },
    Output: { decision: '{% $states.result.decision %}', by: '{% $states.result.by %}' },
    Next: 'DeployToProduction',
  };
}

/** Nobody decided in time: the version stays pending, and a later approval still releases it. */
function timedOut(timeoutSeconds: number): Catcher {
  const cause = `{% 'Nobody decided on version ' & $model.modelVersion & ' within ${durationText(timeoutSeconds)}. It stays pending.' %}`;
  return {
    ErrorEquals: ['States.Timeout'],
    Assign: { failure: { state: 'AwaitApproval', error: 'ApprovalTimedOut', cause, redriveCount } },
    Next: 'NotifyFailure',
  };
}

function durationText(seconds: number): string {
  for (const [unit, length] of [['days', 86_400], ['hours', 3600], ['minutes', 60]] as const) {
    if (seconds >= 2 * length && seconds % length === 0) return `${String(seconds / length)} ${unit}`;
  }
  return `${String(seconds)} seconds`;
}
