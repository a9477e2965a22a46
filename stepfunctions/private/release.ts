import type { AslValue, Catcher, State } from './asl.ts';
import { catchAll, redriveCount } from './failures.ts';
import { lambdaTask } from './lambda-task.ts';
import type { InvokedFunction } from './lambda-task.ts';
import { lambdaRetries } from './retries.ts';

/** How a model gets from staging to production. */
export interface ReleaseProps {
  /** The base URL of production's prediction API. */
  readonly endpointUrl: string;
  /** Asks a person, and waits so long. @default - nobody is asked: a model that passed its gates and staging is released */
  readonly approval?: { readonly requestApproval: InvokedFunction; readonly timeoutSeconds: number };
  readonly releaseModel: InvokedFunction;
  readonly smokeTest: InvokedFunction;
}

/** What the states of a release are handed from the pipeline around them. */
export interface ReleaseFields {
  readonly partition: string;
  readonly run: AslValue;
  readonly model: AslValue;
  readonly notify: InvokedFunction;
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
  const { partition, run, model, notify } = fields;
  const { approval } = release;
  return {
    ...(approval === undefined ? {} : { AwaitApproval: awaitApproval(approval, fields) }),

    DeployToProduction: lambdaTask(partition, release.releaseModel, {
      comment: 'Makes production serve the highest approved version: this one, unless a higher one is approved as well.',
      payload: { approval: approval === undefined ? 'automatic' : 'manual', run, model, evidence },
      assign: { release: '{% $states.result.Payload %}' },
      catch: catchAll('DeployToProduction', 'NotifyFailure'),
      next: 'CheckRelease',
    }),

    CheckRelease: {
      Type: 'Choice',
      Comment: 'Ends the run where a higher version serves production already; that is no failure.',
      Choices: [{ Condition: "{% $release.status = 'DEPLOYED' %}", Next: 'SmokeTestProduction' }],
      Default: 'NotifySuperseded',
    },

    SmokeTestProduction: lambdaTask(partition, release.smokeTest, {
      comment: 'Asks production for the prediction of the row that staging was tested with, and waits until the new version answers.',
      // The row itself: by the time that a person has decided, what the run kept between its steps may have expired.
      payload: { run, model, rows: ['{% $smokeTest.input %}'] },
      assign: { productionSmokeTest: '{% $states.result.Payload %}' },
      catch: catchAll('SmokeTestProduction', 'NotifyFailure'),
      next: 'NotifySuccess',
    }),

    NotifySuperseded: lambdaTask(partition, notify, {
      comment: 'Tells the team that a higher version serves production, so that this one does not.',
      payload: { kind: 'superseded', run, modelPackageArn: '{% $model.modelPackageArn %}', modelName: '{% $model.modelName %}', modelVersion: '{% $model.modelVersion %}', servedVersion: '{% $release.servedVersion %}' },
      output: {
        status: 'SUPERSEDED',
        modelPackageArn: '{% $model.modelPackageArn %}',
        modelName: '{% $model.modelName %}',
        modelVersion: '{% $model.modelVersion %}',
        servedVersion: '{% $release.servedVersion %}',
        metrics: '{% $evaluation.metrics %}',
        report: '{% $evaluation.report %}',
      },
      catch: catchAll('NotifySuperseded', 'NotifyFailure'),
    }),
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
