import type { RawColumns } from '../../model/data/raw-columns.ts';
import { evaluate, type Evaluation, type MeasuredMetric } from '../../model/evaluation/evaluate.ts';
import { headlineMetrics } from '../../model/evaluation/headline.ts';
import { featureImportance } from '../../model/evaluation/importance.ts';
import { type Latency, measureLatency } from '../../model/evaluation/latency.ts';
import { type PermutationImportance, permutationImportance } from '../../model/evaluation/permutation.ts';
import { sliceColumns } from '../../model/evaluation/slice-columns.ts';
import { slices, type SliceTable } from '../../model/evaluation/slices.ts';
import type { ReportImportance } from '../../model/report/input.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { readBooster } from '../../model/xgboost/read.ts';
import { machineName } from './machine.ts';
import { type ModelContent, Predictor } from './opened-model.ts';

/** All that is measured of the model alone. */
export interface Measured {
  readonly predictions: Float32Array;
  readonly evaluation: Evaluation;
  readonly permutation: PermutationImportance;
  readonly latency: Latency | undefined;
}

/** Predicts the held-out rows and measures the model on them. */
export async function measureModel(content: ModelContent, rows: RawColumns): Promise<Measured> {
  const { description } = content;
  const { task, classes } = description;
  const known = { task, labels: rows.label, ...(classes === undefined ? {} : { classes }) };
  return Predictor.use(content, async (predictor) => {
    const predict = (columns: RawColumns['columns'], count: number): Promise<Float32Array> => predictor.predict(columns, count);
    const predictions = await predict(rows.columns, rows.rows);
    return {
      predictions,
      evaluation: evaluate({ ...known, predictions }),
      permutation: await permutationImportance({ ...known, columns: usedColumns(rows, description), predict }),
      latency: await measureLatency({ machine: machineName(), rows: rows.rows, columns: rows.columns, predict }),
    };
  });
}

/** Measures the rows by the values of columns; each table is made once. */
export class Slicer {
  private readonly made = new Map<string, SliceTable>();
  private readonly description: ModelDescription;
  private readonly rows: RawColumns;
  private readonly measured: Pick<Measured, 'predictions' | 'evaluation'>;

  constructor(description: ModelDescription, rows: RawColumns, measured: Pick<Measured, 'predictions' | 'evaluation'>) {
    this.description = description;
    this.rows = rows;
    this.measured = measured;
  }

  /** Those of the columns asked for, or of the usual ones where they tell parts apart. */
  tables(asked: readonly string[] | undefined): SliceTable[] {
    const tables = sliceColumns(this.description.schema, asked).map((column) => this.by(column.name));
    return asked === undefined ? tables.filter(({ slices: parts }) => parts.length > 1) : tables;
  }

  /** One column's; with a metric and a bound on rows where they are not the usual ones. */
  by(column: string, metric: string = headlineMetrics[this.description.task], minimumRows?: number): SliceTable {
    const key = JSON.stringify([column, metric, minimumRows]);
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const { schema, task, classes } = this.description;
    const { predictions, evaluation } = this.measured;
    const overall = (evaluation.metrics as Readonly<Record<string, MeasuredMetric>>)[metric]?.value;
    const type = schema.columns.find((candidate) => candidate.name === column)?.type;
    if (type === undefined) throw new RangeError(`No column is called '${column}', expected one of ${schema.columns.map(({ name }) => name).join(', ')}.`);
    const table = slices({
      task,
      labels: this.rows.label,
      predictions,
      ...(classes === undefined ? {} : { classes }),
      column: { name: column, type },
      values: this.rows.columns[column] ?? [],
      metric,
      ...(overall === undefined ? {} : { overall }),
      ...(minimumRows === undefined ? {} : { minimumRows }),
    });
    this.made.set(key, table);
    return table;
  }
}

/** What the trees' splits gained, by feature; undefined where the model is no trees. */
export async function gainOf({ booster, description }: ModelContent): Promise<ReportImportance[] | undefined> {
  const trees = await booster();
  return trees === undefined ? undefined : featureImportance(readBooster(trees), description.features.map((feature) => feature.name));
}

/** All that the model reads of the rows: a column that no feature comes from cannot be missed. */
function usedColumns({ columns }: RawColumns, { features }: ModelDescription): RawColumns['columns'] {
  const used = Object.create(null) as Record<string, RawColumns['columns'][string]>;
  for (const { column } of features) {
    const values = columns[column];
    if (values !== undefined) used[column] = values;
  }
  return used;
}
