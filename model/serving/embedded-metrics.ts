import { servingDimensions, servingDimensionSets, servingMetrics } from '../spec/serving-metrics.ts';
import type { Role } from './record.ts';

/** A request for predictions that was answered. */
export interface Answered {
  /** Whom it met, and in which version; absent where it was refused before a model was chosen. */
  readonly role?: Role | undefined;
  readonly modelVersion?: string | undefined;
  readonly status: number;
  readonly milliseconds: number;
  /** How many requests it stands for. @default 1 */
  readonly count?: number;
}

/** The most values of one metric that CloudWatch takes in a line. */
const valuesALine = 100;

const units = { [servingMetrics.requests]: 'Count', [servingMetrics.errors]: 'Count', [servingMetrics.refused]: 'Count', [servingMetrics.latency]: 'Milliseconds' };

/**
 * Answered requests as lines in CloudWatch's embedded metric format, which are metrics once they stand in a log: one line for those of
 * the same version and role, several where they are very many.
 * @param target the name of the serving target
 * @param now milliseconds since 1970
 * @param more what each line tells besides, which is no metric
 */
export function embeddedMetrics(namespace: string, target: string, answered: readonly Answered[], now: number, more: Readonly<Record<string, unknown>> = {}): string[] {
  const groups = Map.groupBy(answered, ({ role, modelVersion }) => JSON.stringify([role, modelVersion]));
  return [...groups.values()].flatMap((group) => {
    const lines: string[] = [];
    for (let start = 0; start < group.length; start += valuesALine) lines.push(lineOf(namespace, target, group.slice(start, start + valuesALine), now, more));
    return lines;
  });
}

function lineOf(namespace: string, target: string, group: readonly Answered[], now: number, more: Readonly<Record<string, unknown>>): string {
  const { role, modelVersion } = group[0]!;
  const dimensions: Record<string, string> = {
    [servingDimensions.target]: target,
    ...(role === undefined ? {} : { [servingDimensions.role]: role }),
    ...(modelVersion === undefined ? {} : { [servingDimensions.modelVersion]: modelVersion }),
  };
  const sets = servingDimensionSets.filter((names) => names.every((name) => name in dimensions));
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: sets, Metrics: Object.entries(units).map(([Name, Unit]) => ({ Name, Unit })) }] },
    ...more,
    ...dimensions,
    [servingMetrics.requests]: countOf(group),
    [servingMetrics.errors]: countOf(group.filter(({ status }) => status >= 500)),
    [servingMetrics.refused]: countOf(group.filter(({ status }) => status >= 400 && status < 500)),
    [servingMetrics.latency]: group.length === 1 ? group[0]!.milliseconds : group.map(({ milliseconds }) => milliseconds),
  });
}

function countOf(group: readonly Answered[]): number {
  return group.reduce((sum, { count = 1 }) => sum + count, 0);
}
