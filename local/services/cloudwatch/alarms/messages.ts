import type { LaptopContext } from '../../../core/context.ts';
import type { MetricDataQuery } from '../metrics/query.ts';
import { planOf } from './alarm.ts';
import type { AlarmRecord, AlarmState, MetricAlarmInput } from './alarm.ts';
import { awsTime } from './reason.ts';

/** An alarm that went from one state to another. */
export interface Transition {
  readonly alarm: AlarmRecord;
  readonly previous: AlarmState;
}

/** What a topic's subscribers read. */
export function notification({ accountId, region }: LaptopContext, { alarm, previous }: Transition): { readonly Subject: string; readonly Message: string } {
  const { arn, input, state, configuredAt } = alarm;
  return {
    Subject: `${state.value}: "${input.AlarmName}" in ${region}`.slice(0, 100),
    Message: JSON.stringify({
      AlarmName: input.AlarmName,
      AlarmDescription: input.AlarmDescription ?? null,
      AWSAccountId: accountId,
      AlarmConfigurationUpdatedTimestamp: awsTime(new Date(configuredAt)),
      NewStateValue: state.value,
      NewStateReason: state.reason,
      StateChangeTime: awsTime(new Date(state.transitionedAt)),
      Region: region,
      AlarmArn: arn,
      OldStateValue: previous.value,
      OKActions: input.OKActions ?? [],
      AlarmActions: input.AlarmActions ?? [],
      InsufficientDataActions: input.InsufficientDataActions ?? [],
      ...(alarm.kind === 'composite' ? { AlarmRule: alarm.input.AlarmRule } : { Trigger: trigger(alarm.input) }),
    }),
  };
}

function trigger(input: MetricAlarmInput): object {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Dimensions = [], Period, Unit, Metrics, EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, ComparisonOperator, Threshold, TreatMissingData = 'missing' } = input;
  return {
    ...(Metrics === undefined
      ? { MetricName, Namespace, ...(ExtendedStatistic === undefined ? { StatisticType: 'Statistic', Statistic: Statistic?.toUpperCase() } : { StatisticType: 'ExtendedStatistic', ExtendedStatistic }), Unit: Unit ?? null, Dimensions: Dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })), Period }
      : { Metrics }),
    EvaluationPeriods,
    DatapointsToAlarm,
    ComparisonOperator,
    Threshold,
    TreatMissingData,
  };
}

/** What a function gets that is an alarm's action. */
export function functionEvent({ accountId, region }: LaptopContext, transition: Transition): object {
  const { arn, state } = transition.alarm;
  return { source: 'aws.cloudwatch', alarmArn: arn, accountId, time: awsTime(new Date(state.transitionedAt)), region, alarmData: eventDetail(transition) };
}

/** The detail of "CloudWatch Alarm State Change". */
export function eventDetail({ alarm, previous }: Transition): object {
  return {
    alarmName: alarm.input.AlarmName,
    state: stateOf(alarm.state),
    previousState: stateOf(previous),
    configuration: {
      ...(alarm.input.AlarmDescription !== undefined && { description: alarm.input.AlarmDescription }),
      ...(alarm.kind === 'composite' ? { alarmRule: alarm.input.AlarmRule } : { metrics: planOf(alarm.input).queries.map(metric) }),
    },
  };
}

function stateOf({ value, reason, reasonData, updatedAt }: AlarmState): object {
  return { value, reason, ...(reasonData !== undefined && { reasonData }), timestamp: awsTime(new Date(updatedAt)) };
}

function metric({ Id, MetricStat, Expression, Label, ReturnData = true }: MetricDataQuery): object {
  return {
    id: Id,
    ...(MetricStat && {
      metricStat: {
        metric: { namespace: MetricStat.Metric.Namespace, name: MetricStat.Metric.MetricName, dimensions: Object.fromEntries((MetricStat.Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])) },
        period: MetricStat.Period,
        stat: MetricStat.Stat,
      },
    }),
    ...(Expression !== undefined && { expression: Expression }),
    ...(Label !== undefined && { label: Label }),
    returnData: ReturnData,
  };
}
