import { invalid } from '../validate.ts';
import type { CapacitySize, ConfigInput, DeploymentInput } from './record.ts';

/** A step of an update: so much of the traffic goes to the new fleet, and is watched for so long. */
export interface TrafficStep {
  /** Above 0, up to 1. */
  readonly share: number;
  readonly waitSeconds: number;
}

/** SageMaker's bounds. */
const bounds = { wait: [0, 3600], timeout: [600, 28_800], canary: [1, 50], linear: [10, 50], rolling: [5, 50], rollback: [5, 100] } as const;

/** What an update waits for at most, where it does not say: SageMaker's own longest. */
export const longestDeploymentSeconds = bounds.timeout[1];

/** How an update's traffic goes over. Everything at once where nothing is said. */
export function trafficSteps({ BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling }: DeploymentInput, instances: number): TrafficStep[] {
  if (rolling !== undefined) return even(share(rolling.MaximumBatchSize, instances), rolling.WaitIntervalInSeconds, rolling.WaitIntervalInSeconds);
  if (blueGreen === undefined) return [{ share: 1, waitSeconds: 0 }];
  const { TrafficRoutingConfiguration: routing, TerminationWaitInSeconds: last = 0 } = blueGreen;
  if (routing.Type === 'CANARY' && routing.CanarySize !== undefined) {
    return [{ share: share(routing.CanarySize, instances), waitSeconds: routing.WaitIntervalInSeconds }, { share: 1, waitSeconds: last }];
  }
  if (routing.Type === 'LINEAR' && routing.LinearStepSize !== undefined) return even(share(routing.LinearStepSize, instances), routing.WaitIntervalInSeconds, last);
  return [{ share: 1, waitSeconds: last }];
}

function even(step: number, waitSeconds: number, lastWaitSeconds: number): TrafficStep[] {
  // A third three times is all of it, whatever floating point makes of it.
  const count = Math.ceil(1 / step - 1e-9);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? { share: 1, waitSeconds: lastWaitSeconds } : { share: step * (index + 1), waitSeconds }));
}

function share({ Type: type, Value: value }: CapacitySize, instances: number): number {
  return type === 'CAPACITY_PERCENT' ? value / 100 : Math.min(1, value / instances);
}

/**
 * Checks an update's DeploymentConfig as SageMaker does.
 * @throws {AwsError} ValidationException
 */
export function checkDeployment(deployment: DeploymentInput, from: ConfigInput, to: ConfigInput): void {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = deployment;
  if (blueGreen === undefined && rolling === undefined) return;
  if (blueGreen !== undefined && rolling !== undefined) throw invalid('BlueGreenUpdatePolicy and RollingUpdatePolicy cannot be given together');
  checkVariantNames(from, to);
  const [first] = to.ProductionVariants;
  const serverless = first?.ServerlessConfig !== undefined;
  const instances = first?.InitialInstanceCount ?? 1;
  if (rolling !== undefined) {
    if (serverless || to.ProductionVariants.length > 1) throw invalid('A rolling deployment is not available for serverless endpoints and for endpoints of several variants');
    checkSize('MaximumBatchSize', rolling.MaximumBatchSize, bounds.rolling, instances);
    if (rolling.RollbackMaximumBatchSize !== undefined) checkSize('RollbackMaximumBatchSize', rolling.RollbackMaximumBatchSize, bounds.rollback, instances);
  }
  if (blueGreen !== undefined) {
    const { Type: type, CanarySize: canary, LinearStepSize: linear } = blueGreen.TrafficRoutingConfiguration;
    if ((type === 'CANARY') !== (canary !== undefined)) throw invalid(`CanarySize goes with the type CANARY alone, found ${type}`);
    if ((type === 'LINEAR') !== (linear !== undefined)) throw invalid(`LinearStepSize goes with the type LINEAR alone, found ${type}`);
    if (type !== 'ALL_AT_ONCE' && serverless) throw invalid('Canary and linear traffic shifting are not available for serverless endpoints');
    if (canary !== undefined) checkSize('CanarySize', canary, bounds.canary, instances);
    if (linear !== undefined) checkSize('LinearStepSize', linear, bounds.linear, instances);
    checkRange('TerminationWaitInSeconds', blueGreen.TerminationWaitInSeconds ?? 0, bounds.wait);
  }
  const wait = blueGreen?.TrafficRoutingConfiguration.WaitIntervalInSeconds ?? rolling?.WaitIntervalInSeconds ?? 0;
  const timeout = blueGreen?.MaximumExecutionTimeoutInSeconds ?? rolling?.MaximumExecutionTimeoutInSeconds;
  checkRange('WaitIntervalInSeconds', wait, bounds.wait);
  if (timeout === undefined) return;
  checkRange('MaximumExecutionTimeoutInSeconds', timeout, bounds.timeout);
  const waits = trafficSteps(deployment, instances).reduce((sum, { waitSeconds }) => sum + waitSeconds, 0);
  if (timeout <= waits) throw invalid(`MaximumExecutionTimeoutInSeconds (${timeout}) must be larger than the sum of the waits (${waits})`);
}

function checkVariantNames(from: ConfigInput, to: ConfigInput): void {
  const names = ({ ProductionVariants: variants }: ConfigInput): string => variants.map(({ VariantName }) => VariantName).sort().join(', ');
  if (names(from) !== names(to)) throw invalid(`An update with a deployment policy keeps the names of the variants: the endpoint has ${names(from)}, the new configuration ${names(to)}`);
}

function checkSize(member: string, size: CapacitySize, [least, most]: readonly [number, number], instances: number): void {
  const percent = size.Type === 'CAPACITY_PERCENT' ? size.Value : (100 * size.Value) / instances;
  // Capacity comes in whole instances: half of one is all of it.
  if (instances >= 2 && size.Value >= 1 && percent >= least && percent <= most) return;
  throw invalid(`${member} must be ${least} to ${most} % of at least two instances, found ${size.Value}${size.Type === 'CAPACITY_PERCENT' ? ' %' : ` (${percent} %)`} of ${instances}`);
}

function checkRange(member: string, value: number, [least, most]: readonly [number, number]): void {
  if (!(value >= least && value <= most)) throw invalid(`${member} must be ${least} to ${most}, found ${value}`);
}
