/** How sure a price is: A quotes AWS's own price list or pages, B is what several texts say, C is one text that is old or does not say its region. */
export type Confidence = 'A' | 'B' | 'C';

/** A price with where it was found. */
export interface Price {
  /** US dollars for one `unit`. */
  readonly value: number;
  readonly unit: string;
  readonly confidence: Confidence;
  readonly source: string;
}

const lambda = { confidence: 'A', source: "AWSLambda index.csv of AWS's price list, as quoted in ocelhq/ocel's price-book notes, 2026-09-06" } as const;
const gateway = { confidence: 'A', source: "AWS whitepaper 'Best practices for designing Amazon API Gateway private APIs', table 4 (us-east-1, first tier)" } as const;
const balancer = { confidence: 'A', source: 'aws.amazon.com/elasticloadbalancing/pricing (examples for us-east-1), as transcribed in api-evangelist/amazon-elastic-load-balancing, 2026-09-20' } as const;
const hosting = { confidence: 'C', source: 'aws-samples/foundation-model-benchmarking-tool@39ce6b9c, fmbench/configs/pricing.yml, 2025-04-11, which does not say its region' } as const;

/**
 * On-demand prices of us-east-1, each with its source. They are facts found in public texts: nothing was checked against AWS's own price list service.
 * What is not here was not found, SageMaker's serverless inference and ECS Managed Instances' fee among it.
 */
export const prices = {
  lambdaArmGigabyteSecond: { value: 1.33334e-5, unit: 'GB-second', ...lambda },
  lambdaRequest: { value: 2e-7, unit: 'request', ...lambda },
  httpApiRequest: { value: 1e-6, unit: 'request', ...gateway },
  restApiRequest: { value: 3.5e-6, unit: 'request', ...gateway },
  fargateArmVcpuHour: { value: 0.03238, unit: 'vCPU-hour', confidence: 'B', source: 'one secondary text; the x86 prices beside it stand in four' },
  fargateArmGigabyteHour: { value: 0.00356, unit: 'GB-hour', confidence: 'B', source: 'one secondary text; the x86 prices beside it stand in four' },
  loadBalancerHour: { value: 0.0225, unit: 'hour', ...balancer },
  loadBalancerUnitHour: { value: 0.008, unit: 'LCU-hour', ...balancer },
  sagemakerC5XlargeHour: { value: 0.204, unit: 'ml.c5.xlarge-hour', ...hosting },
  ec2G6XlargeHour: { value: 0.8048, unit: 'g6.xlarge-hour', confidence: 'C', source: 'tsaol/aws-gpu@77fcd9f, data/all_gpu_instances.js, which names instances.vantage.sh, 2025-11-30' },
  alarmMonth: { value: 0.1, unit: 'alarm-month', confidence: 'B', source: 'secondary texts' },
  metricMonth: { value: 0.3, unit: 'metric-month', confidence: 'B', source: 'secondary texts' },
} as const satisfies Readonly<Record<string, Price>>;

/** A price's name. */
export type PriceName = keyof typeof prices;
