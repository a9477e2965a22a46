import type { LaptopContext } from '../../../core/context.ts';
import type { DeploymentInput } from './record.ts';

/** How often alarms are looked at. */
const pollMilliseconds = 5000;

/** Why an update was turned back. */
export class RollbackReason extends Error {
  override readonly name = 'RollbackReason';
}

/** Watches an update's alarms under the role of the endpoint's models, as SageMaker does. */
export class AlarmWatch {
  readonly #context: LaptopContext;
  readonly #roleArn: string;
  readonly #names: readonly string[];
  readonly #endpointName: string;

  constructor(context: LaptopContext, endpointName: string, roleArn: string, { AutoRollbackConfiguration: rollback }: DeploymentInput) {
    this.#context = context;
    this.#endpointName = endpointName;
    this.#roleArn = roleArn;
    this.#names = (rollback?.Alarms ?? []).map(({ AlarmName }) => AlarmName);
  }

  /**
   * Waits, and looks at the alarms meanwhile and at the end.
   * @throws {RollbackReason} as soon as one of them is in alarm or cannot be looked at
   */
  async wait(seconds: number, signal: AbortSignal): Promise<void> {
    let left = seconds * 1000;
    while (left > 0) {
      const part = this.#names.length === 0 ? left : Math.min(left, pollMilliseconds);
      await this.#context.clock.sleep(part, signal);
      left -= part;
      await this.check();
    }
  }

  /** @throws {RollbackReason} where an alarm is in alarm or cannot be looked at */
  async check(): Promise<void> {
    if (this.#names.length === 0) return;
    const found = await this.#alarms();
    const missing = this.#names.find((name) => !found.some(({ AlarmName }) => AlarmName === name));
    if (missing !== undefined) throw new RollbackReason(`The auto-rollback alarm ${missing} does not exist.`);
    const tripped = found.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName }) => AlarmName);
    if (tripped.length > 0) throw new RollbackReason(`One or more configured alarms were triggered during endpoint deployment: ${tripped.join(', ')}.`);
  }

  async #alarms(): Promise<readonly { readonly AlarmName: string; readonly StateValue: string }[]> {
    try {
      const output = await this.#context.dispatch({
        service: 'monitoring',
        operation: 'DescribeAlarms',
        input: { AlarmNames: this.#names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
        caller: this.#context.identity.role(this.#roleArn, `SageMaker-${this.#endpointName}`.slice(0, 64)),
      });
      return [...((output['MetricAlarms'] as never[] | undefined) ?? []), ...((output['CompositeAlarms'] as never[] | undefined) ?? [])];
    } catch (error) {
      throw new RollbackReason(`The auto-rollback alarms cannot be looked at under the role "${this.#roleArn}": ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
