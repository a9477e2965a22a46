import type { LaptopContext } from '../../core/context.ts';
import { steps } from './configs.ts';
import type { Hooks } from './hooks.ts';
import { DeploymentFailure, type DeploymentRecord, type GroupProperties, type LambdaShift, type LifecycleEvent, type Routing } from './types.ts';
import { AlarmWatch } from './watch.ts';

/** What a shift works with. */
export interface ShiftParts {
  readonly context: LaptopContext;
  readonly group: GroupProperties;
  readonly routing: Routing;
  readonly hooks: Hooks;
  update(changes: Partial<DeploymentRecord>): void;
  read(): DeploymentRecord;
  readonly signal: AbortSignal;
}

/**
 * Moves an alias to its new version: the hook before, the shares one after the other under the group's alarms, the hook after.
 * @throws {DeploymentFailure} when an alarm or a hook says no; rejects with the signal's reason when it aborts
 */
export async function shiftTraffic(parts: ShiftParts): Promise<void> {
  const { context, group, routing, signal } = parts;
  const { shift } = parts.read();
  const watch = new AlarmWatch(context, group);
  await watch.check();
  await hook(parts, 'BeforeAllowTraffic');
  await during(parts, 'AllowTraffic', async () => {
    for (const { percent, minutes } of steps(routing)) {
      await routeTo(context, group, shift, percent);
      parts.update({ weight: percent });
      await watch.wait(minutes * 60_000, signal);
      signal.throwIfAborted();
    }
    await watch.check();
  });
  await hook(parts, 'AfterAllowTraffic');
}

/** Gives all traffic back to the version before. */
export async function rollBack(context: LaptopContext, group: GroupProperties, shift: LambdaShift): Promise<void> {
  await routeTo(context, group, shift, 0);
}

async function hook(parts: ShiftParts, name: 'BeforeAllowTraffic' | 'AfterAllowTraffic'): Promise<void> {
  const { id, shift } = parts.read();
  const functionName = shift.hooks[name];
  if (functionName !== undefined) await during(parts, name, () => parts.hooks.run(functionName, name, id, parts.group, parts.signal));
}

async function during(parts: ShiftParts, name: LifecycleEvent['name'], work: () => Promise<void>): Promise<void> {
  const set = (changes: Partial<LifecycleEvent>): void => parts.update({ events: parts.read().events.map((event) => (event.name === name ? { ...event, ...changes } : event)) });
  const now = (): string => parts.context.clock.now().toISOString();
  set({ status: 'InProgress', startedAt: now() });
  await work();
  set({ status: 'Succeeded', endedAt: now() });
}

/** CodeDeploy changes aliases under the group's role. */
async function routeTo({ dispatch, identity }: LaptopContext, { ServiceRoleArn: role }: GroupProperties, { functionName, alias, currentVersion, targetVersion }: LambdaShift, percent: number): Promise<void> {
  const isWhole = percent === 0 || percent === 100;
  const input = {
    FunctionName: functionName,
    Name: alias,
    FunctionVersion: percent === 100 ? targetVersion : currentVersion,
    RoutingConfig: { AdditionalVersionWeights: isWhole ? {} : { [targetVersion]: percent / 100 } },
  };
  try {
    await dispatch({ service: 'lambda', operation: 'UpdateAlias', input, caller: identity.role(role, 'codedeploy') });
  } catch (error) {
    throw new DeploymentFailure('INVALID_LAMBDA_FUNCTION', `The alias ${functionName}:${alias} cannot be changed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
