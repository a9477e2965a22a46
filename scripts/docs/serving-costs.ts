import { prices } from '../../model/cost/prices.ts';
import { apiCharges, type Capacity, type Charge, fargateCharges, lambdaCharges, machineCharges, machinesFor, monthlyCost, type Traffic } from '../../model/cost/serving.ts';

/** Three kinds of traffic that a reader finds their own between. */
export const profiles: readonly { readonly name: string; readonly traffic: Traffic }[] = [
  { name: 'a tool for colleagues', traffic: { requestsPerMonth: 440_000, peakRequestsPerSecond: 2, bytesPerRequest: 1500 } },
  { name: 'a product', traffic: { requestsPerMonth: 30_000_000, peakRequestsPerSecond: 60, bytesPerRequest: 1500 } },
  { name: 'a busy service', traffic: { requestsPerMonth: 2_600_000_000, peakRequestsPerSecond: 2500, bytesPerRequest: 1500 } },
];

/**
 * What the model of the benchmarks (100 trees, 30 features, one row a request) is planned with: see docs/guides/choose-a-target.md. Assumptions on the
 * careful side, since nothing was measured on AWS; a container is given a fraction of what it does over loopback, without TLS and networks.
 */
export const capacity: Capacity = { requestsPerSecondPerVcpu: 3000, lambdaMilliseconds: 2 };

const targets: readonly { readonly name: string; readonly charges: (traffic: Traffic) => readonly Charge[] }[] = [
  { name: 'Lambda, function URL', charges: (traffic) => lambdaCharges(traffic, capacity, 1769) },
  { name: 'Lambda, HTTP API (the default)', charges: (traffic) => [...lambdaCharges(traffic, capacity, 1769), ...apiCharges(traffic, 'httpApiRequest')] },
  { name: 'Lambda, REST API', charges: (traffic) => [...lambdaCharges(traffic, capacity, 1769), ...apiCharges(traffic, 'restApiRequest')] },
  { name: 'Fargate, 1 vCPU and 2 GB a task, load balancer', charges: (traffic) => fargateCharges(traffic, capacity, { vcpus: 1, memoryGiB: 2 }) },
  { name: 'SageMaker real-time, ml.c5.xlarge', charges: (traffic) => machineCharges(traffic, capacity, 'sagemakerC5XlargeHour', 4) },
  { name: 'GPU service, g6.xlarge (EC2 alone)', charges: (traffic) => machineCharges(traffic, capacity, 'ec2G6XlargeHour', 4) },
];

/** The guide's tables, in Markdown: what a month costs, and where each price is from. */
export function servingCosts(): string {
  const header = `| target | ${profiles.map(({ name }) => name).join(' | ')} |\n| --- |${profiles.map(() => ' ---: |').join('')}`;
  const rows = targets.map(({ name, charges }) => `| ${name} | ${profiles.map(({ traffic }) => dollars(monthlyCost(charges(traffic)))).join(' | ')} |`);
  const machines = `| tasks of 1 vCPU that the peak needs | ${profiles.map(({ traffic }) => String(machinesFor(traffic, capacity, 1))).join(' | ')} |`;
  const sources = Object.values(prices).map(({ value, unit, confidence, source }) => `| ${String(value)} | ${unit} | ${confidence} | ${source} |`);
  return [
    header, ...rows, machines, '',
    '| US dollars | for one | sure | found in |', '| ---: | --- | --- | --- |', ...sources,
  ].join('\n');
}

function dollars(amount: number): string {
  return `$${amount < 10 ? amount.toFixed(2) : Math.round(amount).toLocaleString('en-US')}`;
}

const [begin, end] = ['<!-- serving costs: begin -->', '<!-- serving costs: end -->'];

/** A text with the tables between their marks. @throws Error where it has no marks */
export function withTables(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`The text has no '${begin}' before '${end}'.`);
  return `${text.slice(0, from + begin.length)}\n${servingCosts()}\n${text.slice(to)}`;
}
