import type { Operation, Output } from '../../../core/call.ts';
import { AwsError } from '../../../core/errors.ts';
import { actionsFor } from '../alarms/actions.ts';
import type { AlarmRecord, CompositeAlarmInput, MetricAlarmInput, StateValue } from '../alarms/alarm.ts';
import type { Alarms } from '../alarms/alarms.ts';
import { parseRule } from '../alarms/rule.ts';

interface DescribeInput {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly ChildrenOfAlarmName?: string;
  readonly StateValue?: StateValue;
  readonly ActionPrefix?: string;
}

interface HistoryInput {
  readonly AlarmName?: string;
  readonly AlarmTypes?: readonly string[];
  readonly HistoryItemType?: string;
  readonly StartDate?: Date;
  readonly EndDate?: Date;
  readonly MaxRecords?: number;
  readonly ScanBy?: string;
}

/** The operations of alarms. */
export function alarmOperations(alarms: Alarms, wake: () => void): Readonly<Record<string, Operation>> {
  const enable = (enabled: boolean) => ({ AlarmNames }: { AlarmNames: readonly string[] }) => {
    for (const name of AlarmNames) alarms.enableActions(name, enabled);
    return {};
  };
  return {
    PutMetricAlarm({ Tags: _, ...input }: MetricAlarmInput & { Tags?: unknown }) {
      alarms.put({ kind: 'metric', input });
      wake();
      return {};
    },
    PutCompositeAlarm({ Tags: _, ...input }: CompositeAlarmInput & { Tags?: unknown }) {
      alarms.put({ kind: 'composite', input });
      return {};
    },
    DescribeAlarms: (input: DescribeInput) => describeAlarms(alarms, input),
    DescribeAlarmsForMetric: ({ MetricName, Namespace }: { MetricName: string; Namespace: string }) => ({
      MetricAlarms: alarms.list().filter(({ kind, input }) => kind === 'metric' && input.MetricName === MetricName && input.Namespace === Namespace).map(describe),
    }),
    DescribeAlarmHistory: (input: HistoryInput) => describeHistory(alarms, input),
    DeleteAlarms({ AlarmNames }: { AlarmNames: readonly string[] }) {
      for (const name of AlarmNames) alarms.get(name);
      for (const name of AlarmNames) alarms.remove(name);
      return {};
    },
    SetAlarmState({ AlarmName, StateValue: value, StateReason: reason, StateReasonData: reasonData }: { AlarmName: string; StateValue: StateValue; StateReason: string; StateReasonData?: string }) {
      if (reasonData !== undefined) checkJson(reasonData);
      alarms.setState(AlarmName, { value, reason, ...(reasonData !== undefined && { reasonData }) });
      return {};
    },
    EnableAlarmActions: enable(true),
    DisableAlarmActions: enable(false),
  };
}

function describeAlarms(alarms: Alarms, input: DescribeInput): Output {
  const { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'], ChildrenOfAlarmName: parent, StateValue: state, ActionPrefix: action } = input;
  const children = parent === undefined ? undefined : childrenOf(alarms.get(parent));
  const found = alarms.list().filter(
    (alarm) =>
      (AlarmNames?.includes(alarm.input.AlarmName) ?? true) &&
      (children?.includes(alarm.input.AlarmName) ?? true) &&
      alarm.input.AlarmName.startsWith(AlarmNamePrefix) &&
      (state === undefined || alarm.state.value === state) &&
      (action === undefined || (['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const).some((value) => actionsFor(alarm.input, value).some((arn) => arn.startsWith(action)))),
  );
  const ofKind = (kind: AlarmRecord['kind'], type: string): Output[] => (AlarmTypes.includes(type) ? found.filter((alarm) => alarm.kind === kind).map(describe) : []);
  return { MetricAlarms: ofKind('metric', 'MetricAlarm'), CompositeAlarms: ofKind('composite', 'CompositeAlarm') };
}

function childrenOf(alarm: AlarmRecord): readonly string[] {
  return alarm.kind === 'composite' ? parseRule(alarm.input.AlarmRule).alarms.map((nameOrArn) => nameOrArn.split(':alarm:').at(-1) ?? '') : [];
}

function describe({ arn, input, state, configuredAt }: AlarmRecord): Output {
  return {
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...('AlarmRule' in input ? {} : { Dimensions: [] }),
    ...input,
    ActionsEnabled: String(input.ActionsEnabled ?? true) !== 'false',
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData !== undefined && { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: new Date(state.updatedAt),
    StateTransitionedTimestamp: new Date(state.transitionedAt),
  };
}

function describeHistory(alarms: Alarms, { AlarmName, AlarmTypes = ['MetricAlarm'], HistoryItemType, StartDate, EndDate, MaxRecords = 100, ScanBy = 'TimestampDescending' }: HistoryInput): Output {
  const found = alarms.history
    .list()
    .filter(
      ({ alarmName, alarmType, type, at }) =>
        (AlarmName === undefined ? AlarmTypes.includes(alarmType) : alarmName === AlarmName) &&
        (HistoryItemType === undefined || type === HistoryItemType) &&
        (StartDate === undefined || new Date(at) >= StartDate) &&
        (EndDate === undefined || new Date(at) <= EndDate),
    );
  const ordered = ScanBy === 'TimestampAscending' ? found : [...found].reverse();
  return {
    AlarmHistoryItems: ordered.slice(0, MaxRecords).map(({ alarmName, alarmType, at, type, summary, data }) => ({ AlarmName: alarmName, AlarmType: alarmType, Timestamp: new Date(at), HistoryItemType: type, HistorySummary: summary, HistoryData: data })),
  };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('InvalidFormat', 'StateReasonData is not JSON.');
  }
}
