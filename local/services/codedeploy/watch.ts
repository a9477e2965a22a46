import type { LaptopContext } from '../../core/context.ts';
import { DeploymentFailure, type GroupProperties } from './types.ts';

/** How often alarms are looked at. */
const pollMilliseconds = 5000;

/** Lets time pass while the alarms of a group are quiet. Alarms are looked at under the group's role. */
export class AlarmWatch {
  readonly #context: LaptopContext;
  readonly #group: GroupProperties;
  readonly #names: readonly string[];

  constructor(context: LaptopContext, group: GroupProperties) {
    this.#context = context;
    this.#group = group;
    const { Enabled: enabled = false, Alarms: alarms = [] } = group.AlarmConfiguration ?? {};
    this.#names = String(enabled) === 'true' ? alarms.flatMap(({ Name }) => Name ?? []) : [];
  }

  /** Waits, and looks meanwhile and at the end. @throws {DeploymentFailure} as soon as one of them is in alarm */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    let left = milliseconds;
    while (left > 0) {
      const part = this.#names.length === 0 ? left : Math.min(left, pollMilliseconds);
      await this.#context.clock.sleep(part, signal);
      left -= part;
      await this.check();
    }
  }

  /** @throws {DeploymentFailure} where an alarm is in alarm, or cannot be looked at */
  async check(): Promise<void> {
    if (this.#names.length === 0) return;
    const active = (await this.#alarms()).filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName }) => AlarmName);
    if (active.length > 0) {
      throw new DeploymentFailure('ALARM_ACTIVE', `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <${active.join(', ')}>`, 'DEPLOYMENT_STOP_ON_ALARM');
    }
  }

  async #alarms(): Promise<readonly { readonly AlarmName: string; readonly StateValue: string }[]> {
    try {
      const output = await this.#context.dispatch({
        service: 'monitoring',
        operation: 'DescribeAlarms',
        input: { AlarmNames: this.#names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
        caller: this.#context.identity.role(this.#group.ServiceRoleArn, 'codedeploy'),
      });
      return [...((output['MetricAlarms'] as never[] | undefined) ?? []), ...((output['CompositeAlarms'] as never[] | undefined) ?? [])];
    } catch (error) {
      if (String(this.#group.AlarmConfiguration?.IgnorePollAlarmFailure ?? false) === 'true') return [];
      throw new DeploymentFailure('ALARM_ACTIVE', `The alarms of the deployment group cannot be looked at: ${error instanceof Error ? error.message : String(error)}`, 'DEPLOYMENT_STOP_ON_ALARM');
    }
  }
}
