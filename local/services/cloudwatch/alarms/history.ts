import type { Collection, Store } from '../../../core/store.ts';
import type { ActionResult } from './actions.ts';
import type { AlarmRecord } from './alarm.ts';
import type { Transition } from './messages.ts';

/** One line of an alarm's history. */
export interface HistoryRecord {
  readonly alarmName: string;
  readonly alarmType: 'MetricAlarm' | 'CompositeAlarm';
  /** ISO time. */
  readonly at: string;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

/** Wide enough for all lines that there will ever be. */
const digits = 12;

/** What became of the alarms, in the order in which it happened. */
export class AlarmHistory {
  readonly #records: Collection<HistoryRecord>;
  #next: number;

  constructor(store: Store) {
    this.#records = store.collection('cloudwatch', 'history');
    this.#next = Number(this.#records.list().at(-1)?.id ?? -1) + 1;
  }

  /** All lines, the oldest first. */
  list(): readonly HistoryRecord[] {
    return this.#records.list().map(({ value }) => value);
  }

  /** An alarm was created or changed. */
  configured(alarm: AlarmRecord, created: boolean): void {
    const verb = created ? 'created' : 'updated';
    this.#add(alarm, alarm.configuredAt, 'ConfigurationUpdate', `Alarm "${alarm.input.AlarmName}" ${verb}`, { version: '1.0', type: created ? 'Create' : 'Update', [`${verb}Alarm`]: alarm.input });
  }

  /** An alarm went into another state. */
  changed({ alarm, previous }: Transition): void {
    const state = ({ value, reason, reasonData }: AlarmRecord['state']): object => ({ stateValue: value, stateReason: reason, ...(reasonData !== undefined && { stateReasonData: JSON.parse(reasonData) as unknown }) });
    this.#add(alarm, alarm.state.transitionedAt, 'StateUpdate', `Alarm updated from ${previous.value} to ${alarm.state.value}`, { version: '1.0', oldState: state(previous), newState: state(alarm.state) });
  }

  /** An action was performed, or failed. */
  acted({ alarm }: Transition, { arn, failure }: ActionResult, at: string): void {
    const outcome = failure === undefined ? 'Successfully executed' : 'Failed to execute';
    this.#add(alarm, at, 'Action', `${outcome} action ${arn}`, { actionState: failure === undefined ? 'Succeeded' : 'Failed', notificationResource: arn, stateUpdateTimestamp: Date.parse(alarm.state.updatedAt), error: failure ?? null });
  }

  #add({ kind, input }: AlarmRecord, at: string, type: HistoryRecord['type'], summary: string, data: object): void {
    this.#records.put(String(this.#next).padStart(digits, '0'), { alarmName: input.AlarmName, alarmType: kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm', at, type, summary, data: JSON.stringify(data) });
    this.#next += 1;
  }
}
