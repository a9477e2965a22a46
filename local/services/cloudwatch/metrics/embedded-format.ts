import type { Dimension } from './metric.ts';
import type { MetricDatum } from './put.ts';

/** The data of one namespace that a log line carries. */
export interface EmbeddedData {
  readonly namespace: string;
  readonly data: readonly MetricDatum[];
}

interface Directive {
  readonly Namespace?: unknown;
  readonly Dimensions?: unknown;
  readonly Metrics?: unknown;
}

/** A metric directive: which member of the line is a metric. */
interface MetricDirective {
  readonly Name: string;
  readonly Unit?: string;
  readonly StorageResolution?: number;
}

/** The format takes so many values of a metric in one line. */
const mostValues = 100;

/**
 * Reads a log line in CloudWatch's embedded metric format: for each set of dimensions, each metric once.
 * @returns nothing for any other line; what a directive names and the line does not hold is left out, as CloudWatch does
 */
export function readEmbedded(line: string): readonly EmbeddedData[] {
  if (!line.includes('"_aws"') || !line.includes('CloudWatchMetrics')) return [];
  const root = parse(line.slice(line.indexOf('{')));
  const metadata = root?.['_aws'] as { Timestamp?: unknown; CloudWatchMetrics?: unknown } | undefined;
  if (root === undefined || typeof metadata !== 'object' || metadata === null || typeof metadata.Timestamp !== 'number' || !Array.isArray(metadata.CloudWatchMetrics)) return [];
  const Timestamp = new Date(metadata.Timestamp);
  return (metadata.CloudWatchMetrics as Directive[]).flatMap(({ Namespace: namespace, Dimensions, Metrics }) => {
    if (typeof namespace !== 'string' || !Array.isArray(Metrics)) return [];
    const data = (Metrics as MetricDirective[]).flatMap((directive) => readMetric(root, directive, Timestamp, dimensionSets(root, Dimensions)));
    return data.length === 0 ? [] : [{ namespace, data }];
  });
}

function readMetric(root: Record<string, unknown>, { Name: MetricName, Unit, StorageResolution }: MetricDirective, Timestamp: Date, sets: readonly (readonly Dimension[])[]): MetricDatum[] {
  const values = [root[MetricName]].flat().filter((value) => typeof value === 'number' && Number.isFinite(value)) as number[];
  if (values.length === 0 || values.length > mostValues) return [];
  return sets.map((Dimensions) => ({ MetricName, Dimensions, Timestamp, Values: values, ...(Unit !== undefined && { Unit }), ...(StorageResolution === 1 && { StorageResolution }) }));
}

/** The sets of dimensions whose members the line holds; a metric without any has the empty set. */
function dimensionSets(root: Record<string, unknown>, sets: unknown): (readonly Dimension[])[] {
  const given = Array.isArray(sets) && sets.length > 0 ? (sets as readonly unknown[][]) : [[]];
  return given.flatMap((names) => {
    const dimensions = names.map((name) => ({ Name: String(name), Value: root[String(name)] }));
    const whole = dimensions.every((dimension): dimension is Dimension => typeof dimension.Value === 'string' && dimension.Value !== '');
    return whole ? [dimensions as readonly Dimension[]] : [];
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A line that only looks like it is a log line and nothing more.
    return undefined;
  }
}
