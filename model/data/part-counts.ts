import type { DatasetSpec } from '../spec/dataset.ts';
import { splitParts } from '../spec/split-summary.ts';
import type { SplitPart } from '../spec/split-summary.ts';
import type { SplitSpec } from '../spec/split.ts';
import type { DuckDb } from './duckdb.ts';
import { UnusableRows } from './format.ts';
import { foreignLabel } from './label.ts';
import { quoteName } from './quote.ts';

/** How many rows there are in each part, and in none. */
export interface PartCounts {
  readonly rows: Readonly<Record<SplitPart, number>>;
  /** Rows in no part: without a label, without a place, or with a class that the training split does not have. */
  readonly droppedRows: number;
  /** Of those, the ones whose class the training split does not have. */
  readonly unseenClassRows: number;
  /** Of those, the ones with a label that have no place: no time, no group. */
  readonly unplacedRows: number;
}

/** The columns of a relation that tell where its rows belong. */
export interface PartColumns {
  /** The label as a number; null where it is unknown or a class that the training split does not have. */
  readonly label: string;
  /** Whether the label is known. */
  readonly known: string;
  /** The index of the part, null for rows without a place. */
  readonly part: string;
}

/** Counts the rows of each part. @throws UnusableRows where a part is empty or the label holds what cannot be trained on */
export async function countParts(db: DuckDb, rows: string, columns: PartColumns, { schema, split }: { readonly schema: DatasetSpec; readonly split: SplitSpec }): Promise<PartCounts> {
  const foreign = foreignLabel(schema, columns.label);
  const counts = await db.all<PartCount>(
    `SELECT ${columns.part} AS part, count(*) AS rows, count(*) FILTER (${columns.known}) AS known, count(${columns.label}) AS usable, count(*) FILTER (${foreign.condition}) AS foreign
     FROM ${rows} GROUP BY ${columns.part}`,
  );
  const sum = (field: Exclude<keyof PartCount, 'part'>): number => counts.reduce((total, count) => total + count[field], 0);
  if (sum('foreign') > 0) throw new UnusableRows(`The label '${schema.label.column}' holds ${String(sum('foreign'))} values ${foreign.expected}.`);
  const unplacedRows = counts.find((count) => count.part === null)?.known ?? 0;
  const [train, validation, test] = splitParts.map((_, part) => counts.find((count) => count.part === part)) as [PartCount?, PartCount?, PartCount?];
  const parts = { train, validation, test };
  const empty = splitParts.filter((part) => (parts[part]?.usable ?? 0) === 0);
  const placed = sum('known') - unplacedRows;
  if (empty.length > 0) {
    const unseen = empty.reduce((total, part) => total + (parts[part]?.known ?? 0), 0);
    throw new UnusableRows(
      `No row with a known label falls into ${empty.join(' and ')}: the file has ${String(placed)} such rows${await groupsOf(db, rows, columns, split)}${unseen > 0 ? `, ${String(unseen)} of them there with a class that the training split does not have` : ''}. More ${split.kind === 'group' ? 'groups' : 'rows'}, or larger shares, are needed.`,
    );
  }
  const usable = { train: train?.usable ?? 0, validation: validation?.usable ?? 0, test: test?.usable ?? 0 };
  const used = usable.train + usable.validation + usable.test;
  return { rows: usable, droppedRows: sum('rows') - used, unseenClassRows: placed - used, unplacedRows };
}

/** What is too few, where the split is by group. */
async function groupsOf(db: DuckDb, rows: string, { known, part }: PartColumns, split: SplitSpec): Promise<string> {
  if (split.kind !== 'group') return '';
  const [groups] = await db.all<{ count: number }>(`SELECT count(DISTINCT ${quoteName(split.column)}) AS count FROM ${rows} WHERE ${known} AND ${part} IS NOT NULL`);
  return ` in ${String(groups?.count ?? 0)} groups of '${split.column}'`;
}

interface PartCount {
  readonly part: number | null;
  readonly rows: number;
  /** With a label. */
  readonly known: number;
  /** With a label that the model can have learned. */
  readonly usable: number;
  readonly foreign: number;
}
