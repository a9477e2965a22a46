import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fitFeatures } from '../features/fit.ts';
import type { FittedFeature } from '../features/fitted.ts';
import { fittedSelect } from '../features/sql.ts';
import type { DatasetSpec } from '../spec/dataset.ts';
import type { FeatureSpec } from '../spec/feature.ts';
import type { SplitSpec } from '../spec/split.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb } from './duckdb.ts';
import type { DataFormat } from './format.ts';
import { labelSql } from './label.ts';
import { quoteName, quoteText } from './quote.ts';
import { readSample } from './sample.ts';
import { openSource, typedSelect } from './source.ts';
import { splitParts, splitSql } from './split.ts';

/** What is to be prepared, and into which folder. */
export interface PrepareOptions {
  readonly file: string;
  /** @default - by the file's content and name */
  readonly format?: DataFormat;
  readonly schema: DatasetSpec;
  readonly features: readonly FeatureSpec[];
  readonly split: SplitSpec;
  readonly outDir: string;
  readonly memoryMb: number;
  /** @default - one per core */
  readonly threads?: number;
}

/** What was prepared. */
export interface PreparedDataset {
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  /** Rows left out because their label is unknown. */
  readonly droppedRows: number;
  readonly fitted: FittedFeature[];
}

/** Rows that no model can be trained on or judged by, such as a split with an empty part. ValidateData refuses most such files before. */
export class UnusableRows extends Error {
  override readonly name = 'UnusableRows';
}

/**
 * Splits a dataset, learns what its features need from the training part, and writes
 * `{train,validation,test}/data.parquet`, `features.json` and `sample.json`: train and validation as the numbers that the trees see, label first;
 * test as raw columns and label, so that the evaluation goes through the same path as serving.
 */
export async function prepareDataset(options: PrepareOptions): Promise<PreparedDataset> {
  const { outDir, schema, features } = options;
  for (const part of splitParts) await mkdir(path.join(outDir, part), { recursive: true });
  const work = path.join(outDir, '.split.parquet');
  try {
    return await withDuckDb({ ...options, temporaryFolder: outDir }, async (db) => {
      const { rows, droppedRows } = await writeSplit(db, options, work);
      const raw = (part: number): string => `(SELECT * FROM read_parquet(${quoteText(work)}) WHERE ${partColumn} = ${String(part)} AND ${labelColumn} IS NOT NULL)`;
      const fitted = await fitFeatures(db, raw(0), labelColumn, features);
      for (const part of [0, 1] as const) {
        await copy(db, fittedSelect(raw(part), fitted, [`CAST(${labelColumn} AS FLOAT) AS label`]), path.join(outDir, splitParts[part], 'data.parquet'));
      }
      const rawColumns = schema.columns.filter((column) => column.name !== 'label').map((column) => quoteName(column.name));
      const test = path.join(outDir, 'test', 'data.parquet');
      await copy(db, `SELECT ${[...rawColumns, `CAST(${labelColumn} AS FLOAT) AS label`].join(', ')} FROM ${raw(2)}`, test);
      await writeFile(path.join(outDir, 'features.json'), `${JSON.stringify(fitted)}\n`);
      await writeFile(path.join(outDir, 'sample.json'), `${JSON.stringify(await readSample(db, test, schema), undefined, 2)}\n`);
      return { rows, droppedRows, fitted };
    });
  } finally {
    await rm(work, { force: true });
  }
}

/** Columns of the intermediate file: names that no declared column can have. */
const labelColumn = quoteName('#label');
const partColumn = quoteName('#part');

/** Reads the source once and writes its typed rows with label and part; what follows reads that file, so that memory stays bounded. */
async function writeSplit(db: DuckDb, options: PrepareOptions, work: string): Promise<Pick<PreparedDataset, 'rows' | 'droppedRows'>> {
  const { schema, split } = options;
  const source = await openSource(db, options);
  await copy(db, `SELECT *, ${labelSql(schema)} AS ${labelColumn}, ${splitSql(schema, split)} AS ${partColumn} FROM (${typedSelect(source, schema)})`, work);
  const counts = await db.all<PartCount>(
    `SELECT ${partColumn} AS part, count(${labelColumn}) AS labelled, count(*) - count(${labelColumn}) AS unknown, count(*) FILTER (${labelColumn} NOT IN (0, 1)) AS foreign
     FROM read_parquet(${quoteText(work)}) GROUP BY ${partColumn}`,
  );
  const sum = (field: keyof PartCount): number => counts.reduce((total, count) => total + count[field], 0);
  if (sum('foreign') > 0) throw new UnusableRows(`The label '${schema.label.column}' holds ${String(sum('foreign'))} values other than 0 and 1.`);
  const labelled = splitParts.map((_, part) => counts.find((count) => count.part === part)?.labelled ?? 0);
  const empty = splitParts.filter((_, part) => labelled[part] === 0);
  if (empty.length > 0) {
    throw new UnusableRows(`No row with a known label falls into ${empty.join(' and ')}: the file has ${String(sum('labelled'))} such rows. More rows, or larger shares, are needed.`);
  }
  const [train, validation, test] = labelled as [number, number, number];
  return { rows: { train, validation, test }, droppedRows: sum('unknown') };
}

interface PartCount {
  readonly part: number;
  readonly labelled: number;
  readonly unknown: number;
  readonly foreign: number;
}

async function copy(db: DuckDb, select: string, file: string): Promise<void> {
  await db.run(`COPY (${select}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`);
}
