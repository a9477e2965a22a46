import { largestFloat32 } from '../features/transforms.ts';
import type { CheckSpec } from '../spec/check.ts';
import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';
import { requestColumns } from '../spec/dataset.ts';
import { checksFor } from '../spec/resolve-checks.ts';
import { taskOf } from '../spec/task.ts';
import type { Task } from '../spec/task.ts';
import type { DuckDb } from './duckdb.ts';
import { labelSql } from './label.ts';
import { accuracyOfBins, aucOfBins, varianceExplained } from './leakage-figures.ts';
import type { LabelCount, NumberBin } from './leakage-figures.ts';
import { quoteName } from './quote.ts';
import { hashColumn } from './typed-table.ts';
import type { TypedTable } from './typed-table.ts';
import { verdictOf } from './verdict.ts';
import type { Finding } from './violations.ts';
import { digits } from './words.ts';

/** With fewer rows, or fewer of the rarer class of a binary label, bins may fit the label by chance. */
const fewestRows = 100;
const fewestOfClass = 20;
/** Rows looked at, about; a share of the hash's range stands for all. */
const sampledRows = 50_000;
/** A column is cut into so many bins at most, and into fewer where they would hold fewer rows than this. */
const mostBins = 50;
const rowsPerBin = 20;

const sample = 'leakage_sample';
const label = quoteName('#label');

/**
 * Columns that alone nearly equal the label: a copy of it, or what is only known once the label is. Each column is cut into bins, and each bin's
 * labels are told by their own mean or most frequent class. Timestamps are left out: no feature takes one as it is.
 */
export async function checkLeakage(db: DuckDb, table: TypedTable, schema: DatasetSpec, rows: number, checks: readonly CheckSpec[]): Promise<Finding[]> {
  const task = taskOf(schema.label);
  const columns = requestColumns({ ...schema, columns: table.columns.map(({ column }) => column) }).filter(({ name, type }) => type !== 'timestamp' && checksFor(checks, 'leakage', name).length > 0);
  if (columns.length === 0) return [];
  const known = task === 'regression' ? finite(labelSql(schema)) : labelSql(schema);
  const sampled = `${hashColumn} % ${String(Math.max(1, Math.ceil(rows / sampledRows)))} = 0`;
  const selected = [...columns.map(({ name }) => quoteName(name)), `${known} AS ${label}`];
  await db.run(`CREATE TEMP TABLE ${sample} AS SELECT ${selected.join(', ')} FROM ${table.relation} WHERE ${sampled} AND (${known}) IS NOT NULL`);
  try {
    const [counted] = await db.all<{ rows: number }>(`SELECT count(*) AS rows FROM ${sample}`);
    const bins = Math.min(mostBins, Math.floor((counted?.rows ?? 0) / rowsPerBin));
    if (bins * rowsPerBin < fewestRows) return [];
    const findings: Finding[] = [];
    for (const column of columns) {
      const value = await figureOf[task](db, column, bins);
      const verdict = value === undefined ? undefined : verdictOf(checks, 'leakage', column.name, (bound) => value > bound);
      if (value === undefined || verdict === undefined) continue;
      const description = `the column alone nearly tells the label: ${figureNames[task]} ${digits(value)}, expected at most ${String(verdict.bound)}. Is it known when a prediction is made, or only together with the label?`;
      findings.push({ severity: verdict.severity, column: column.name, check: 'data_type_check', description });
    }
    return findings;
  } finally {
    await db.run(`DROP TABLE ${sample}`);
  }
}

const figureNames: Readonly<Record<Task, string>> = { binary: 'AUC', multiclass: 'accuracy', regression: 'R²' };

const figureOf: Readonly<Record<Task, (db: DuckDb, column: ColumnSpec, bins: number) => Promise<number | undefined>>> = {
  binary: async (db, column, bins) => aucOfBins(await countLabels(db, column, bins), fewestOfClass),
  multiclass: async (db, column, bins) => accuracyOfBins(await countLabels(db, column, bins)),
  regression: async (db, column, bins) => {
    const found = await db.all<NumberBin>(`SELECT count(*) AS rows, avg(${label}) AS mean, var_pop(${label}) AS variance FROM (${binned(column, bins)}) GROUP BY bin`);
    const explained = varianceExplained(found) ?? 0;
    if (column.type === 'string') return explained;
    // Where few large values make up most of the variance, bins are too coarse for a copy of the label; a straight line is not.
    const number = finite(`CAST(${quoteName(column.name)} AS DOUBLE)`);
    const [line] = await db.all<{ correlation: number | null }>(`SELECT corr(${number}, ${label}) AS correlation FROM ${sample} HAVING count(${number}) * 2 > count(*)`);
    const squared = (line?.correlation ?? 0) ** 2;
    return squared > explained ? squared : explained;
  },
};

function countLabels(db: DuckDb, column: ColumnSpec, bins: number): Promise<LabelCount[]> {
  return db.all<LabelCount>(`SELECT bin, ${label} AS label, count(*) AS rows FROM (${binned(column, bins)}) GROUP BY bin, ${label}`);
}

/** The sample with its bin: a number's by its rank, equal ones together; a text's own where it is frequent, else one for all others; one for what is missing. */
function binned({ name, type }: ColumnSpec, bins: number): string {
  const value = quoteName(name);
  const last = String(bins - 1);
  if (type !== 'string') {
    const rank = `least(${last}, (rank() OVER (ORDER BY ${value}) - 1) * ${String(bins)} // count(*) OVER ())`;
    return `SELECT ${label}, CASE WHEN ${value} IS NULL THEN -1 ELSE ${rank} END AS bin FROM ${sample}`;
  }
  const ranked = `SELECT ${value} AS v, row_number() OVER (ORDER BY count(*) DESC, ${value}) - 1 AS place FROM ${sample} WHERE ${value} IS NOT NULL GROUP BY ${value}`;
  return `SELECT ${label}, coalesce(least(${last}, place), -1) AS bin FROM ${sample} LEFT JOIN (${ranked}) ON ${value} = v`;
}

function finite(number: string): string {
  return `CASE WHEN abs(${number}) <= ${String(largestFloat32)}::DOUBLE THEN ${number} END`;
}
