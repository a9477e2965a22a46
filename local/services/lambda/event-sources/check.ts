import { checkPattern } from '../../events/pattern.ts';
import { batchSizeOf, windowOf, type MappingSettings } from './types.ts';

const bounds = { batchSize: [1, 10_000], window: [0, 300], concurrency: [2, 1000] } as const;
/** A larger batch takes longer to gather than one reception. */
const largestWithoutWindow = 10;

/** @throws for settings that Lambda would refuse, naming everything that is wrong */
export function checkMapping(settings: MappingSettings): void {
  const batchSize = batchSizeOf(settings);
  const window = windowOf(settings);
  const concurrency = settings.ScalingConfig?.MaximumConcurrency;
  const unknown = (settings.FunctionResponseTypes ?? []).filter((type) => type !== 'ReportBatchItemFailures');
  const problems = [
    ...outside('BatchSize', batchSize, bounds.batchSize),
    ...outside('MaximumBatchingWindowInSeconds', window, bounds.window),
    ...(concurrency === undefined ? [] : outside('ScalingConfig.MaximumConcurrency', Number(concurrency), bounds.concurrency)),
    ...(batchSize > largestWithoutWindow && window < 1 ? [`BatchSize is ${batchSize}: over ${largestWithoutWindow} it needs a MaximumBatchingWindowInSeconds of at least 1`] : []),
    ...unknown.map((type) => `FunctionResponseTypes has "${type}": expected ReportBatchItemFailures`),
    ...(settings.FilterCriteria?.Filters ?? []).flatMap(({ Pattern = '{}' }) => patternProblem(Pattern)),
  ];
  if (problems.length > 0) throw new Error(`Lambda would refuse this event source mapping: ${problems.join('; ')}.`);
}

function outside(name: string, value: number, [least, most]: readonly [number, number]): string[] {
  return Number.isInteger(value) && value >= least && value <= most ? [] : [`${name} is ${value}: expected ${least} to ${most}`];
}

function patternProblem(pattern: string): string[] {
  try {
    checkPattern(JSON.parse(pattern) as Parameters<typeof checkPattern>[0]);
    return [];
  } catch (error) {
    return [`the filter ${pattern} is no pattern (${error instanceof Error ? error.message : String(error)})`];
  }
}
