import type { ColumnProfile, NumberProfile, ValueProfile } from './column-profile.ts';
import type { ColumnSpec, ColumnType, DatasetSpec } from '../spec/dataset.ts';
import { largestFloat32 } from '../features/transforms.ts';
import type { DuckDb } from './duckdb.ts';
import { profileLabel } from './label-profile.ts';
import type { LabelProfile } from './label-profile.ts';
import { quoteName, quoteText } from './quote.ts';
import { mismatchColumn } from './typed-table.ts';
import type { TypedTable } from './typed-table.ts';
import type { FoundColumn } from './typed.ts';

/** What one pass over the file tells. */
export interface DatasetProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Absent where the label's column is. */
  readonly label?: LabelProfile;
}

/** How many equal shares the quantiles cut a column into. */
export const quantilePoints = 100;
const quantileShares = Array.from({ length: quantilePoints }, (_, index) => (index + 0.5) / quantilePoints);

/** Profiles the columns of a table in one pass, and its label. */
export async function profileDataset(db: DuckDb, table: TypedTable, schema: DatasetSpec): Promise<DatasetProfile> {
  const { rows, columns } = await profileColumns(db, table);
  const label = columns.find((column) => column.name === schema.label.column);
  return label === undefined ? { rows, columns } : { rows, columns, label: await profileLabel(db, table, schema, rows, label) };
}

/** Profiles the columns of a table in one pass. */
export async function profileColumns(db: DuckDb, table: TypedTable): Promise<DatasetProfile> {
  const aggregates = table.columns.map(({ column }, index) => `struct_pack(${aggregatesOf(column).join(', ')}) AS ${quoteName(`#${String(index)}`)}`);
  const [row] = await db.all<Record<string, Aggregates> & { rows: number }>(`SELECT ${['count(*) AS rows', ...aggregates].join(',\n')} FROM ${table.relation}`);
  if (row === undefined) throw new Error('The profile of a file has one row, found none.');
  const { rows } = row;
  return { rows, columns: table.columns.map(({ column, found }, index) => columnProfile(column, found, rows, row[`#${String(index)}`]!)) };
}

interface Aggregates {
  readonly present: number;
  readonly mismatched: number;
  readonly mismatch_example: string | null;
  readonly outside?: number;
  readonly outside_example?: string | null;
  readonly count?: number;
  readonly minimum?: number | string | null;
  readonly maximum?: number | string | null;
  readonly mean?: number | null;
  readonly sum?: number | null;
  readonly deviation?: number | null;
  readonly quantiles?: readonly number[] | null;
  readonly distinct?: number;
  readonly frequent?: readonly string[] | null;
}

function aggregatesOf(column: ColumnSpec): string[] {
  const mismatch = mismatchColumn(column);
  return [`present := count(${quoteName(column.name)})`, `mismatched := count(${mismatch})`, `mismatch_example := min(${mismatch})`, ...aggregatesByType[column.type](quoteName(column.name), column)];
}

const aggregatesByType: Readonly<Record<ColumnType, (name: string, column: ColumnSpec) => string[]>> = {
  number: numberAggregates,
  integer: numberAggregates,
  boolean: (name) => numberStatistics(`CAST(${name} AS DOUBLE)`),
  string: (name, column) => [
    ...valueStatistics(name),
    ...(column.categories === undefined ? [] : outsideAggregates(`NOT list_contains([${column.categories.map(quoteText).join(', ')}]::VARCHAR[], ${name})`, name)),
  ],
  timestamp: valueStatistics,
};

function numberAggregates(name: string, { minimum, maximum }: ColumnSpec): string[] {
  const number = `CAST(${name} AS DOUBLE)`;
  const finite = `abs(${number}) <= ${String(largestFloat32)}::DOUBLE`;
  const outside = [`NOT (${finite})`, ...(minimum === undefined ? [] : [`${number} < ${String(minimum)}::DOUBLE`]), ...(maximum === undefined ? [] : [`${number} > ${String(maximum)}::DOUBLE`])];
  return [...numberStatistics(`CASE WHEN ${finite} THEN ${number} END`), ...outsideAggregates(outside.join(' OR '), name)];
}

/** Over finite numbers alone: an infinite one would make DuckDB's deviation fail. */
function numberStatistics(number: string): string[] {
  return [
    `count := count(${number})`,
    `"distinct" := approx_count_distinct(${number})`,
    `minimum := min(${number})`,
    `maximum := max(${number})`,
    `mean := avg(${number})`,
    `sum := sum(${number})`,
    `deviation := stddev_pop(${number})`,
    `quantiles := approx_quantile(${number}, [${quantileShares.join(', ')}])`,
  ];
}

function valueStatistics(name: string): string[] {
  return [
    `minimum := CAST(min(${name}) AS VARCHAR)`,
    `maximum := CAST(max(${name}) AS VARCHAR)`,
    `"distinct" := approx_count_distinct(${name})`,
    `frequent := list_transform(approx_top_k(${name}, 10), lambda v : CAST(v AS VARCHAR))`,
  ];
}

/** The text is made of the values outside alone: a FILTER would make it of all before it looks. */
function outsideAggregates(condition: string, name: string): string[] {
  const example = `CASE WHEN ${condition} THEN left(CAST(${name} AS VARCHAR), 40) END`;
  return [`outside := count(${example})`, `outside_example := min(${example})`];
}

function columnProfile(column: ColumnSpec, found: FoundColumn, rows: number, row: Aggregates): ColumnProfile {
  const { name, type } = column;
  const { present, mismatched } = row;
  return {
    name,
    type,
    foundType: found.type,
    present,
    mismatched,
    missing: rows - present - mismatched,
    outside: row.outside ?? 0,
    ...(row.mismatch_example === null ? {} : { mismatchExample: row.mismatch_example }),
    ...(row.outside_example === undefined || row.outside_example === null ? {} : { outsideExample: row.outside_example }),
    ...(type === 'string' || type === 'timestamp' ? { values: valueProfile(row) } : { numbers: numberProfile(row, type === 'number') }),
  };
}

function valueProfile(row: Aggregates): ValueProfile {
  return { distinct: row.distinct ?? 0, minimum: String(row.minimum ?? ''), maximum: String(row.maximum ?? ''), frequent: row.frequent ?? [] };
}

/** The approximation lies between two values: for whole numbers it is the nearer one. */
function numberProfile(row: Aggregates, fractional: boolean): NumberProfile {
  const { count = 0, distinct = 0, minimum, maximum, mean, sum, deviation, quantiles } = row;
  const number = (value: number | string | null | undefined): number => Number(value ?? Number.NaN);
  return { count, distinct, minimum: number(minimum), maximum: number(maximum), mean: number(mean), sum: number(sum ?? 0), standardDeviation: number(deviation), quantiles: (quantiles ?? []).map((quantile) => (fractional ? quantile : Math.round(quantile))) };
}
