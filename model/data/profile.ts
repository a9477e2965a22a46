import type { ColumnProfile, NumberProfile, ValueProfile } from './column-profile.ts';
import type { ColumnSpec, ColumnType, DatasetSpec } from '../spec/dataset.ts';
import { largestFloat32 } from '../features/transforms.ts';
import { booleanProfile } from './boolean-profile.ts';
import type { DuckDb } from './duckdb.ts';
import { profileLabel } from './label-profile.ts';
import type { LabelProfile } from './label-profile.ts';
import { countMismatches } from './mismatches.ts';
import type { Mismatches } from './mismatches.ts';
import { quoteName, quoteText } from './quote.ts';
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
  const mismatches = await countMismatches(db, table);
  return { rows, columns: table.columns.map(({ column, found }, index) => columnProfile(column, found, { rows, mismatches: mismatches[index]!, aggregates: row[`#${String(index)}`]! })) };
}

interface Aggregates {
  readonly present: number;
  /** Of truth values. */
  readonly trues?: number;
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
}

function aggregatesOf(column: ColumnSpec): string[] {
  return [`present := count(${quoteName(column.name)})`, ...aggregatesByType[column.type](quoteName(column.name), column)];
}

const aggregatesByType: Readonly<Record<ColumnType, (name: string, column: ColumnSpec) => string[]>> = {
  number: numberAggregates,
  integer: numberAggregates,
  boolean: (name) => [`trues := count(CASE WHEN ${name} THEN 1 END)`],
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
  ];
}

/** The text is made of the values outside alone: a FILTER would make it of all before it looks. */
function outsideAggregates(condition: string, name: string): string[] {
  const example = `CASE WHEN ${condition} THEN left(CAST(${name} AS VARCHAR), 40) END`;
  return [`outside := count(${example})`, `outside_example := min(${example})`];
}

interface Counted {
  readonly rows: number;
  readonly mismatches: Mismatches;
  readonly aggregates: Aggregates;
}

function columnProfile({ name, type }: ColumnSpec, found: FoundColumn, { rows, mismatches, aggregates }: Counted): ColumnProfile {
  const { present, trues, outside, outside_example: outsideExample } = aggregates;
  return {
    name,
    type,
    foundType: found.type,
    present,
    mismatched: mismatches.count,
    missing: rows - present - mismatches.count,
    outside: outside ?? 0,
    ...(mismatches.example === null ? {} : { mismatchExample: mismatches.example }),
    ...(outsideExample === undefined || outsideExample === null ? {} : { outsideExample }),
    ...(type === 'string' || type === 'timestamp' ? { values: valueProfile(aggregates) } : { numbers: trues === undefined ? numberProfile(aggregates, type === 'number') : booleanProfile(present, trues, quantileShares) }),
  };
}

function valueProfile(row: Aggregates): ValueProfile {
  return { distinct: row.distinct ?? 0, minimum: String(row.minimum ?? ''), maximum: String(row.maximum ?? '') };
}

/** The approximation lies between two values: for whole numbers it is the nearer one. */
function numberProfile(row: Aggregates, fractional: boolean): NumberProfile {
  const { count = 0, distinct = 0, minimum, maximum, mean, sum, deviation, quantiles } = row;
  const number = (value: number | string | null | undefined): number => Number(value ?? Number.NaN);
  return { count, distinct, minimum: number(minimum), maximum: number(maximum), mean: number(mean), sum: number(sum ?? 0), standardDeviation: number(deviation), quantiles: (quantiles ?? []).map((quantile) => (fractional ? quantile : Math.round(quantile))) };
}
