import { type PriceName, prices } from './prices.ts';

/** Who asks, and how much. */
export interface Traffic {
  readonly requestsPerMonth: number;
  /** The busiest second. */
  readonly peakRequestsPerSecond: number;
  /** Bytes of a request and its answer together. */
  readonly bytesPerRequest: number;
}

/** What one program of the model server does, as measured. */
export interface Capacity {
  /** What one vCPU answers at most. */
  readonly requestsPerSecondPerVcpu: number;
  /** What Lambda bills for a request: its duration. */
  readonly lambdaMilliseconds: number;
}

/** One line of a bill: how much of what. */
export interface Charge {
  readonly price: PriceName;
  readonly quantity: number;
}

/** Hours of a month, as AWS's own calculator has it. */
const hoursPerMonth = 730;
/** How full machines are planned: the rest is for peaks within the second, and for the loss of one. */
const plannedUtilisation = 0.7;
/** So that the loss of one zone is not the loss of the service. */
const fewestMachines = 2;

/** The dollars of a month. */
export function monthlyCost(charges: readonly Charge[]): number {
  return charges.reduce((sum, { price, quantity }) => sum + prices[price].value * quantity, 0);
}

/** A Lambda function by itself, as behind a function URL. Durations are billed by the millisecond, and memory in GB. */
export function lambdaCharges({ requestsPerMonth }: Traffic, { lambdaMilliseconds }: Capacity, memoryMiB: number): Charge[] {
  const billedSeconds = (Math.ceil(lambdaMilliseconds) / 1000) * requestsPerMonth;
  return [
    { price: 'lambdaRequest', quantity: requestsPerMonth },
    { price: 'lambdaArmGigabyteSecond', quantity: billedSeconds * (memoryMiB / 1024) },
  ];
}

/** What an API in front of a function adds: requests of up to 512 KB count once. */
export function apiCharges({ requestsPerMonth, bytesPerRequest }: Traffic, kind: 'httpApiRequest' | 'restApiRequest'): Charge[] {
  const metered = kind === 'httpApiRequest' ? Math.max(1, Math.ceil(bytesPerRequest / (512 * 1024))) : 1;
  return [{ price: kind, quantity: requestsPerMonth * metered }];
}

/** How many machines the busiest second needs, two at least. */
export function machinesFor({ peakRequestsPerSecond }: Traffic, { requestsPerSecondPerVcpu }: Capacity, vcpus: number): number {
  return Math.max(fewestMachines, Math.ceil(peakRequestsPerSecond / (requestsPerSecondPerVcpu * vcpus * plannedUtilisation)));
}

/** Fargate tasks behind a load balancer, sized for the peak all month long: autoscaling makes it less. */
export function fargateCharges(traffic: Traffic, capacity: Capacity, { vcpus, memoryGiB }: { readonly vcpus: number; readonly memoryGiB: number }): Charge[] {
  const taskHours = machinesFor(traffic, capacity, vcpus) * hoursPerMonth;
  return [
    { price: 'fargateArmVcpuHour', quantity: taskHours * vcpus },
    { price: 'fargateArmGigabyteHour', quantity: taskHours * memoryGiB },
    ...loadBalancerCharges(traffic),
  ];
}

/** Machines of one kind, sized for the peak all month long. */
export function machineCharges(traffic: Traffic, capacity: Capacity, price: PriceName, vcpus: number): Charge[] {
  return [{ price, quantity: machinesFor(traffic, capacity, vcpus) * hoursPerMonth }];
}

/** One unit takes 1 GB an hour and 25 new connections a second; clients that keep their connections are assumed, so that bytes decide. */
export function loadBalancerCharges({ requestsPerMonth, bytesPerRequest }: Traffic): Charge[] {
  const gigabytesPerHour = (requestsPerMonth * bytesPerRequest) / 1e9 / hoursPerMonth;
  return [
    { price: 'loadBalancerHour', quantity: hoursPerMonth },
    { price: 'loadBalancerUnitHour', quantity: gigabytesPerHour * hoursPerMonth },
  ];
}
