import type { AslValue, State, StateMachineDefinition } from './private/asl.ts';
import { applyStates, type RolloutDriver } from './private/apply-deployment.ts';
import { lambdaTask } from './private/lambda-task.ts';
import type { InvokedFunction } from './private/lambda-task.ts';
import { deploymentRetries, lambdaRetries } from './private/retries.ts';
import { alarmStates, rollBackOnFailure } from './private/rollout-alarms.ts';
import { rolloutReason, tellTeam } from './private/rollout-message.ts';

export type { AslValue, StateMachineDefinition } from './private/asl.ts';
export type { RolloutDriver } from './private/apply-deployment.ts';
export type { InvokedFunction } from './private/lambda-task.ts';

/** What the rollout machine of a target is made of. */
export interface RolloutDefinitionProps {
  /** `aws`, `aws-cn`, .. */
  readonly partition: string;
  readonly targetName: string;
  /** Reads and writes the deployment record. */
  readonly rollOut: InvokedFunction;
  /** Asks what serves for a prediction. */
  readonly smokeTest: InvokedFunction;
  /** Brings to its record what does not follow it by itself. @default - what serves follows its record */
  readonly driver?: RolloutDriver;
  /** How long readers may go on with an old record. */
  readonly revalidateSeconds: number;
  /** The alarms on the version that goes up. */
  readonly alarmNames: readonly string[];
  readonly topicArn: string;
  /** How long one rollout may take in all. */
  readonly timeoutSeconds: number;
}

/** What each answer of the function behind the record sets. */
const answered = { rollout: '{% $states.result.Payload %}', watched: 0, applied: 0 };

/**
 * The rollout of one target: brings a deployment that stands in its record to its end, step by step, or takes it back.
 *
 * Its input is what is asked for: `{"action": "deploy", "model", "plan"?, "explicit"?, "again"?}`, `{"action": "follow", "id"}` for a deployment that somebody else has written into the
 * record, `{"action": "traffic", "shares"}`, `{"action": "promote"}` or `{"action": "rollBack", "reason"}`; and, for each, `sample` (an S3 URI) or `rows` for the test, `by`, `quiet`
 * where whoever started it tells of its failure, and `patient` where it waits for the end of another deployment. The record says how far it is, so that a run that was stopped, or started twice, goes on from there.
 */
export function rolloutMachine(props: RolloutDefinitionProps): StateMachineDefinition {
  const { partition, targetName, driver, alarmNames } = props;
  const hasAlarms = alarmNames.length > 0;
  const afterChange = driver === undefined ? 'Route' : 'ApplyDeployment';
  const begin = {
    payload: "{% $merge([{'id': $states.context.Execution.Name}, $states.context.Execution.Input]) %}",
    assign: {
      ...answered,
      first: '{% $states.result.Payload.first %}',
      smokeTest: null,
      alarms: { raised: [], missing: 0, withoutData: [] },
      failure: { error: 'none', cause: 'none' },
      stuck: false,
    },
    next: 'CheckPlace',
  };
  const states: Record<string, State> = {
    CheckPatience: {
      Type: 'Choice',
      Comment: 'Whoever has no time is told at once that another deployment is going on.',
      Choices: [{ Condition: '{% [$states.context.Execution.Input.patient, false][0] %}', Next: 'BeginWhenFree' }],
      Default: 'Begin',
    },

    Begin: lambdaTask(partition, props.rollOut, { ...begin, comment: 'Writes what is asked for into the deployment record, unless another deployment is going on.' }),

    BeginWhenFree: lambdaTask(partition, props.rollOut, {
      ...begin,
      comment: 'Writes what is asked for into the deployment record, once no other deployment is going on.',
      retry: [...deploymentRetries, ...lambdaRetries],
    }),

    CheckPlace: {
      Type: 'Choice',
      Comment: 'Ends the run where another deployment has taken its place.',
      Choices: [{ Condition: "{% $rollout.status = 'SUPERSEDED' %}", Next: 'Superseded' }],
      Default: afterChange,
    },

    ...(driver === undefined ? {} : applyStates(partition, driver)),

    Route: {
      Type: 'Choice',
      Comment: 'Goes on by how the deployment stands.',
      Choices: [
        { Condition: "{% $rollout.status = 'TRYING' %}", Next: hasAlarms ? 'WatchAlarms' : 'SmokeTest' },
        { Condition: "{% $rollout.status = 'WATCHING' %}", Next: 'WaitForTraffic' },
        // The first version of a target serves since it was tried out.
        { Condition: "{% $rollout.status = 'COMPLETED' and $first %}", Next: 'Done' },
        { Condition: "{% $rollout.status = 'COMPLETED' %}", Next: 'ConfirmServed' },
      ],
      Default: 'WaitForReaders',
    },

    SmokeTest: lambdaTask(partition, props.smokeTest, {
      comment: 'Asks for predictions by the new version, which no other request meets yet, until it answers.',
      payload: smokeTestPayload(true),
      assign: { smokeTest: '{% $states.result.Payload %}' },
      catch: rollBackOnFailure,
      next: 'AdvanceRollout',
    }),

    AdvanceRollout: lambdaTask(partition, props.rollOut, {
      comment: 'Gives the new version its next share of the requests, or, after the last one, makes it the stable version.',
      payload: { action: 'advance', id: '{% $rollout.id %}', step: '{% $rollout.step %}', model: '{% $rollout.model %}' },
      assign: answered,
      catch: rollBackOnFailure,
      next: 'CheckPlace',
    }),

    WaitForTraffic: {
      Type: 'Wait',
      Comment: 'Lets requests meet the new version.',
      Seconds: hasAlarms ? '{% $rollout.watchSeconds %}' : '{% $rollout.watchSeconds * $rollout.watches %}',
      ...(hasAlarms ? { Assign: { watched: '{% $watched + 1 %}' } } : {}),
      Next: hasAlarms ? 'WatchAlarms' : 'AdvanceRollout',
    },

    ...(hasAlarms ? alarmStates(partition, alarmNames) : {}),

    ConfirmServed: lambdaTask(partition, props.smokeTest, {
      comment: 'Asks as everybody does, until the new version answers.',
      payload: smokeTestPayload(false),
      assign: { smokeTest: '{% $states.result.Payload %}' },
      catch: rollBackOnFailure,
      next: 'Done',
    }),

    Done: {
      Type: 'Succeed',
      Comment: 'The version has the share of the requests that was asked for.',
      Output: { ...outcome, smokeTest: '{% $smokeTest %}', alarmsWithoutData: '{% $alarms.withoutData %}' },
    },

    Superseded: {
      Type: 'Succeed',
      Comment: 'Another deployment took the place of this one; that is no failure.',
      Output: outcome,
    },

    RollBack: lambdaTask(partition, props.rollOut, {
      comment: 'Takes the new version back at once, and marks it as withdrawn.',
      payload: { action: 'withdraw', id: '{% $rollout.id %}', error: '{% $failure.error %}', cause: '{% $failure.cause %}', model: '{% $rollout.model %}' },
      assign: answered,
      catch: [{ ErrorEquals: ['States.ALL'], Assign: { failure: { error: '{% $states.errorOutput.Error %}', cause: '{% [$states.errorOutput.Cause, ""][0] %}' }, rollout: lost }, Next: 'CheckTold' }],
      next: 'CheckRollBack',
    }),

    CheckRollBack: {
      Type: 'Choice',
      Comment: 'Sees to it that what serves is told, where the deployment was taken back.',
      Choices: [
        { Condition: "{% $rollout.status = 'SUPERSEDED' %}", Next: 'Superseded' },
        { Condition: "{% $rollout.status = 'ROLLED_BACK' and $not($stuck) %}", Next: driver === undefined ? 'WaitForReaders' : 'ApplyDeployment' },
      ],
      Default: 'CheckTold',
    },

    WaitForReaders: {
      Type: 'Wait',
      Comment: 'Lets time pass until nobody answers by the old record any more.',
      Seconds: props.revalidateSeconds,
      Next: 'CheckEnd',
    },

    CheckEnd: {
      Type: 'Choice',
      Comment: 'A change that was asked for is done; a deployment that was taken back has failed.',
      Choices: [{ Condition: "{% $rollout.status = 'CHANGED' %}", Next: 'Done' }],
      Default: 'CheckTold',
    },

    CheckTold: {
      Type: 'Choice',
      Comment: 'Leaves the telling to whoever waits for this run.',
      Choices: [{ Condition: "{% [$states.context.Execution.Input.quiet, false][0] %}", Next: 'RolledBack' }],
      Default: 'TellTeam',
    },

    TellTeam: tellTeam(partition, props.topicArn, targetName),

    RolledBack: {
      Type: 'Fail',
      Comment: 'Ends the run with the reason.',
      Error: "{% $rollout.status = 'ROLLED_BACK' ? 'RolledBack' : $failure.error %}",
      Cause: `{% ${rolloutReason} %}`,
    },
  };
  return {
    Comment: `Rollout of ${targetName}: brings a new model version to its share of the requests step by step, or takes it back.`,
    QueryLanguage: 'JSONata',
    TimeoutSeconds: props.timeoutSeconds,
    StartAt: 'CheckPatience',
    States: states,
  };
}

/** How it ended, for whoever waits. */
const outcome = {
  status: '{% $rollout.status %}',
  id: '{% $rollout.id %}',
  model: '{% [$rollout.model, null][0] %}',
  weight: '{% $rollout.weight %}',
  servedVersion: '{% $rollout.servedVersion %}',
  previous: '{% $rollout.previous %}',
  reason: '{% [$rollout.reason, null][0] %}',
};

/** What is known of a deployment whose record could not be written: as before, and in danger. */
const lost = "{% $merge([$rollout, {'status': 'FAILED', 'reason': 'It could not be taken back: look at the record. ' & [$states.errorOutput.Cause, ''][0]}]) %}";

function smokeTestPayload(asksForVersion: boolean): AslValue {
  // A split's version is not the stable one: it is asked for, to the end.
  const byVersion = asksForVersion ? 'true' : '$rollout.weight < 1';
  return `{% $merge([{'model': $rollout.model, 'byVersion': ${byVersion}}, $states.context.Execution.Input.{'sample': sample, 'rows': rows}]) %}`;
}
