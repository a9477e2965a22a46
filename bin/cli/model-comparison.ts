import { metricsOf, type ModelVersion } from './model-versions.ts';

/** One metric of two versions. */
export interface ComparedMetric {
  readonly name: string;
  readonly a?: number;
  readonly b?: number;
  /** `b - a`, where both have it. */
  readonly difference?: number;
  /** Which is better; absent where they are equal or one has no value. */
  readonly better?: 'a' | 'b';
}

/** Two versions side by side. */
export interface Comparison {
  readonly metrics: readonly ComparedMetric[];
  /** What else differs: hyperparameters, data, trainer. Absent where a version does not have it. */
  readonly properties: readonly { readonly name: string; readonly a?: string; readonly b?: string }[];
  /** Whether both were measured on held-out rows of the same data. */
  readonly sameData: boolean;
}

/** Errors and losses: the smaller the better. Of every other metric the larger is. */
const smallerIsBetter = ['log_loss', 'brier', 'rmse', 'mae', 'mse'];

/** What differs by its nature between two runs, and tells nothing of the models. */
const ofTheRun = /^(artifact|executionArn|trainedAt|trainingJobArn|report$|lineage|datasetVersionId)/;

/** Compares two versions by what the registry keeps of them. */
export function compareVersions(a: ModelVersion, b: ModelVersion): Comparison {
  const [ofA, ofB] = [metricsOf(a), metricsOf(b)];
  const names = Object.keys(a.properties).concat(Object.keys(b.properties)).filter((name, index, all) => all.indexOf(name) === index);
  const properties = names
    .filter((name) => !name.startsWith('metric.') && !ofTheRun.test(name) && a.properties[name] !== b.properties[name])
    .toSorted()
    .map((name) => ({ name, ...optional('a', a.properties[name]), ...optional('b', b.properties[name]) }));
  const dataOf = ({ properties: { datasetSha256 } }: ModelVersion): string | undefined => datasetSha256;
  return {
    metrics: [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])].map((name) => compareMetric(name, ofA[name] ?? undefined, ofB[name] ?? undefined)),
    properties,
    sameData: dataOf(a) !== undefined && dataOf(a) === dataOf(b),
  };
}

function compareMetric(name: string, a: number | undefined, b: number | undefined): ComparedMetric {
  const values = { name, ...optional('a', a), ...optional('b', b) };
  if (a === undefined || b === undefined) return values;
  const difference = b - a;
  if (difference === 0) return { ...values, difference };
  return { ...values, difference, better: difference > 0 === !smallerIsBetter.includes(name) ? 'b' : 'a' };
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}
