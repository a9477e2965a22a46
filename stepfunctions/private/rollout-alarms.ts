import type { Catcher, State } from './asl.ts';
import { cloudWatchRetries } from './retries.ts';

/** What a failure leaves for the rollback that follows from it. */
export const rollBackOnFailure: readonly Catcher[] = [
  { ErrorEquals: ['States.ALL'], Assign: { failure: { error: '{% $states.errorOutput.Error %}', cause: '{% [$states.errorOutput.Cause, ""][0] %}' } }, Next: 'RollBack' },
];

/** The states that look at the alarms on the version that goes up, `WatchAlarms` first. */
export function alarmStates(partition: string, alarmNames: readonly string[]): Readonly<Record<string, State>> {
  return {
    WatchAlarms: {
      Type: 'Task',
      Comment: 'Asks CloudWatch how the alarms on the new version stand.',
      Resource: `arn:${partition}:states:::aws-sdk:cloudwatch:describeAlarms`,
      Arguments: { AlarmNames: alarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 },
      TimeoutSeconds: 60,
      Retry: cloudWatchRetries,
      Catch: rollBackOnFailure,
      Assign: {
        alarms:
          '{% ($all := $append([$states.result.MetricAlarms], [$states.result.CompositeAlarms]); ' +
          "{'raised': [$all[StateValue = 'ALARM'].(AlarmName & ' (' & [StateReason, 'no reason given'][0] & ')')], " +
          `'withoutData': [$all[StateValue = 'INSUFFICIENT_DATA'].AlarmName], 'missing': ${String(alarmNames.length)} - $count($all)}) %}`,
      },
      Next: 'CheckAlarms',
    },

    CheckAlarms: {
      Type: 'Choice',
      Comment: 'An alarm takes the version back, also one that was raised before; so does an alarm that is not there, since nobody would watch.',
      Choices: [
        {
          Condition: '{% $count($alarms.raised) > 0 %}',
          Assign: { failure: { error: 'AlarmRaised', cause: "{% 'In alarm' & ($rollout.status = 'TRYING' ? ' before the version had any traffic: ' : ': ') & $join($alarms.raised, '; ') %}" } },
          Next: 'RollBack',
        },
        {
          Condition: '{% $alarms.missing > 0 %}',
          Assign: { failure: { error: 'AlarmMissing', cause: `{% $string($alarms.missing) & ' of the alarms ${alarmNames.join(', ')} do not exist, expected all: nobody would see that the version fails. Deploy the stack again.' %}` } },
          Next: 'RollBack',
        },
        // What has no traffic yet has no data.
        { Condition: "{% $rollout.status = 'TRYING' %}", Assign: { alarms: { raised: [], missing: 0, withoutData: [] } }, Next: 'SmokeTest' },
        { Condition: '{% $watched >= $rollout.watches %}', Next: 'AdvanceRollout' },
      ],
      Default: 'WaitForTraffic',
    },
  };
}
