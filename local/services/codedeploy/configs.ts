import { AwsError } from '../../core/errors.ts';
import type { Routing } from './types.ts';

/** What is used where a group names nothing. */
export const defaultConfig = 'CodeDeployDefault.LambdaAllAtOnce';

/** CodeDeploy's own configurations for Lambda. */
const builtIn = new Map<string, Routing>([
  [defaultConfig, { kind: 'all-at-once' }],
  ...[5, 10, 15, 30].map((minutes) => [`CodeDeployDefault.LambdaCanary10Percent${minutes}Minutes`, { kind: 'canary', percentage: 10, minutes }] as [string, Routing]),
  ...[1, 2, 3, 10].map((minutes) => [`CodeDeployDefault.LambdaLinear10PercentEvery${minutes}${minutes === 1 ? 'Minute' : 'Minutes'}`, { kind: 'linear', percentage: 10, minutes }] as [string, Routing]),
]);

/** The properties of AWS::CodeDeploy::DeploymentConfig that concern Lambda. */
export interface ConfigProperties {
  readonly DeploymentConfigName?: string;
  readonly ComputePlatform?: string;
  readonly TrafficRoutingConfig?: {
    readonly Type?: 'AllAtOnce' | 'TimeBasedCanary' | 'TimeBasedLinear';
    readonly TimeBasedCanary?: { readonly CanaryInterval: number | string; readonly CanaryPercentage: number | string };
    readonly TimeBasedLinear?: { readonly LinearInterval: number | string; readonly LinearPercentage: number | string };
  };
}

/** The deployment configurations: CodeDeploy's own, and those that templates declare. */
export class DeploymentConfigs {
  readonly #declared = new Map<string, Routing>();

  /** Adds a configuration, or changes it. @throws for one that CodeDeploy would refuse */
  put(name: string, { TrafficRoutingConfig: config = {} }: ConfigProperties): void {
    this.#declared.set(name, routingOf(config));
  }

  /** Removes one that a template declared. */
  remove(name: string): void {
    this.#declared.delete(name);
  }

  /** @throws {AwsError} DeploymentConfigDoesNotExistException */
  get(name: string): Routing {
    const found = this.#declared.get(name) ?? builtIn.get(name);
    if (found === undefined) throw new AwsError('DeploymentConfigDoesNotExistException', `No Deployment Configuration found for name: ${name}`);
    return found;
  }

  /** All names. */
  names(): string[] {
    return [...builtIn.keys(), ...this.#declared.keys()];
  }
}

function routingOf({ Type: type = 'AllAtOnce', TimeBasedCanary: canary, TimeBasedLinear: linear }: NonNullable<ConfigProperties['TrafficRoutingConfig']>): Routing {
  if (type === 'AllAtOnce') return { kind: 'all-at-once' };
  const timed = type === 'TimeBasedCanary' ? canary && { percentage: Number(canary.CanaryPercentage), minutes: Number(canary.CanaryInterval) } : linear && { percentage: Number(linear.LinearPercentage), minutes: Number(linear.LinearInterval) };
  if (timed === undefined) throw new Error(`TrafficRoutingConfig is of type ${type} and has no ${type}.`);
  const { percentage, minutes } = timed;
  if (!(percentage >= 1 && percentage <= 99) || !(minutes >= 1)) throw new Error(`TrafficRoutingConfig shifts ${percentage} percent every ${minutes} minutes: expected 1 to 99 percent, and at least a minute.`);
  return { kind: type === 'TimeBasedCanary' ? 'canary' : 'linear', ...timed };
}

/** The shares in percent that the new version gets one after the other, with the minutes before the next one. */
export function* steps(routing: Routing): Generator<{ readonly percent: number; readonly minutes: number }> {
  if (routing.kind === 'canary') yield { percent: routing.percentage, minutes: routing.minutes };
  if (routing.kind === 'linear') for (let percent = routing.percentage; percent < 100; percent += routing.percentage) yield { percent, minutes: routing.minutes };
  yield { percent: 100, minutes: 0 };
}
