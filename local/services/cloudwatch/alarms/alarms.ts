import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Collection } from '../../../core/store.ts';
import { act, actAgain } from './actions.ts';
import { checkAlarm } from './alarm.ts';
import type { AlarmRecord, AlarmState, CompositeAlarmInput, MetricAlarmInput } from './alarm.ts';
import { AlarmHistory } from './history.ts';
import { parseRule } from './rule.ts';

/** What an alarm is declared to be. */
export type AlarmDeclaration = { readonly kind: 'metric'; readonly input: MetricAlarmInput } | { readonly kind: 'composite'; readonly input: CompositeAlarmInput };

/** The alarms of the laptop, with their states. */
export class Alarms {
  readonly history: AlarmHistory;
  readonly #context: LaptopContext;
  readonly #alarms: Collection<AlarmRecord>;
  readonly #acting = new Set<Promise<void>>();

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#alarms = context.store.collection('cloudwatch', 'alarm');
    this.history = new AlarmHistory(context.store);
  }

  /**
   * Creates an alarm, or changes what one is declared to be: its state stays.
   * @throws {AwsError} ValidationError
   */
  put(declaration: AlarmDeclaration): AlarmRecord {
    checkAlarm(declaration);
    const { AlarmName: name } = declaration.input;
    const standing = this.find(name);
    if (standing !== undefined && JSON.stringify([standing.kind, standing.input]) === JSON.stringify([declaration.kind, declaration.input])) return standing;
    const now = this.#now();
    const initial: AlarmState = { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', updatedAt: now, transitionedAt: now };
    const alarm: AlarmRecord = { ...declaration, arn: this.#arn(name), configuredAt: now, state: standing?.state ?? initial };
    this.#alarms.put(name, alarm);
    this.history.configured(alarm, standing === undefined);
    if (alarm.kind === 'composite') this.#decideComposites();
    return alarm;
  }

  /** The alarm of this name, if there is one. */
  find(name: string): AlarmRecord | undefined {
    return this.#alarms.get(name);
  }

  /** @throws {AwsError} ResourceNotFound */
  get(name: string): AlarmRecord {
    const found = this.find(name);
    if (found === undefined) throw new AwsError('ResourceNotFound', `The alarm ${name} does not exist.`, 404);
    return found;
  }

  /** All alarms, in the order of their names. */
  list(): AlarmRecord[] {
    return this.#alarms.list().map(({ value }) => value);
  }

  /** Takes an alarm away; its history stays. */
  remove(name: string): void {
    this.#alarms.delete(name);
  }

  /** Turns an alarm's actions on or off. */
  enableActions(name: string, enabled: boolean): void {
    const alarm = this.get(name);
    this.#alarms.put(name, { ...alarm, input: { ...alarm.input, ActionsEnabled: enabled } } as AlarmRecord);
  }

  /** Puts an alarm into a state; when it is another one than before, its actions are performed and composite alarms look at it. */
  setState(name: string, state: Pick<AlarmState, 'value' | 'reason' | 'reasonData'>): void {
    const standing = this.get(name);
    const now = this.#now();
    const changed = standing.state.value !== state.value;
    const alarm: AlarmRecord = { ...standing, state: { ...state, updatedAt: now, transitionedAt: changed ? now : standing.state.transitionedAt } };
    this.#alarms.put(name, alarm);
    if (!changed) return;
    const transition = { alarm, previous: standing.state };
    this.history.changed(transition);
    this.#context.emit({ type: 'service', service: 'cloudwatch', name: 'AlarmStateChanged', detail: { alarmName: name, state: state.value, previousState: standing.state.value, reason: state.reason } });
    const work = act(this.#context, transition).then((results) => {
      for (const result of results) this.history.acted(transition, result, this.#now());
    });
    this.#acting.add(work);
    void work.finally(() => this.#acting.delete(work));
    this.#decideComposites();
  }

  /** Says that an alarm still is in its state, by data that are new: what goes on meanwhile does. */
  repeat(name: string, reasonData: string): void {
    const alarm = this.get(name);
    const work = actAgain(this.#context, { alarm: { ...alarm, state: { ...alarm.state, reasonData } }, previous: alarm.state });
    this.#acting.add(work);
    void work.finally(() => this.#acting.delete(work));
  }

  /** Waits until all actions are performed. */
  async close(): Promise<void> {
    await Promise.all(this.#acting);
  }

  /** Each change may change another composite alarm: `setState` comes back here until nothing changes. */
  #decideComposites(): void {
    for (const { kind, input, state } of this.list()) {
      if (kind !== 'composite') continue;
      const stateOf = (nameOrArn: string): AlarmState['value'] | undefined => this.find(nameOrArn.split(':alarm:').at(-1) ?? '')?.state.value;
      const value = parseRule(input.AlarmRule).holds(stateOf) ? 'ALARM' : 'OK';
      if (value !== state.value) {
        this.setState(input.AlarmName, { value, reason: `${input.AlarmRule} is ${value === 'ALARM' ? 'true' : 'false'}` });
        return;
      }
    }
  }

  #arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}`;
  }

  #now(): string {
    return this.#context.clock.now().toISOString();
  }
}
