import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fitFeatures } from '../features/fit.ts';
import type { FittedFeature } from '../features/fitted.ts';
import { fittedSelect } from '../features/sql.ts';
import type { DatasetSpec } from '../spec/dataset.ts';
import { checkFeatures } from '../spec/feature.ts';
import type { FeatureSpec } from '../spec/feature.ts';
import { splitParts } from '../spec/split-summary.ts';
import type { SplitSummary } from '../spec/split-summary.ts';
import { checkSplit } from '../spec/split.ts';
import type { SplitSpec } from '../spec/split.ts';
import { trainingFormat } from '../spec/training-format.ts';
import { labelNumberSql, learnClasses } from './classes.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb } from './duckdb.ts';
import type { DataFiles } from './files.ts';
import type { DataFormat } from './format.ts';
import { labelSql } from './label.ts';
import type { PreparedLabel } from './label.ts';
import { countParts } from './part-counts.ts';
import { quoteName, quoteText } from './quote.ts';
import { readSample } from './sample.ts';
import { typedSelect } from './source.ts';
import { openSources } from './sources.ts';
import { splitCuts, splitKeySql, splitPartSql } from './split.ts';
import { summariseSplit } from './summarise-split.ts';
import { checkWeights, leadingColumns, writeTrainingFiles } from './training-files.ts';
import type { TrainingFiles } from './training-files.ts';
import { typedRows } from './typed-rows.ts';

/** What is to be prepared, and into which folder. */
export interface PrepareOptions {
  readonly file: DataFiles;
  /** @default - by the file's content and name */
  readonly format?: DataFormat;
  readonly schema: DatasetSpec;
  readonly features: readonly FeatureSpec[];
  readonly split: SplitSpec;
  /** How the training and validation rows are written. @default - one file each: Parquet, or CSV where there are weights */
  readonly training?: TrainingFiles;
  readonly outDir: string;
  readonly memoryMb: number;
  /** @default - one per core */
  readonly threads?: number;
}

/** What was prepared. */
export interface PreparedDataset {
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  /** Rows left out because their label is unknown, or a class that the training split does not have, or since the split has no place for them. */
  readonly droppedRows: number;
  /** Of those, the rows of validation and test whose class the training split does not have. */
  readonly unseenClassRows: number;
  /** Which split was used, and where it cut. */
  readonly split: SplitSummary;
  readonly fitted: FittedFeature[];
  /** The files with the training and validation rows, and their media types. */
  readonly trainingFiles: Readonly<Record<string, string>>;
  /** For a label of several classes: those of the training split, in the order of their code units. */
  readonly classes?: string[];
}

/**
 * Splits a dataset, learns its classes and what its features need from the training part, and writes `{train,validation,test}/data.parquet`,
 * `features.json`, `label.json` and `sample.json`: train and validation as the numbers that the trees see, label first, then the weight if there is
 * one (as CSV or in several parts where `training` says so); test as raw columns and label, so that the evaluation goes through the same path as serving. The label is 0 or 1, the index of a class, or the number itself.
 * @throws DeclarationError where a feature or the split does not fit the dataset
 * @throws UnusableRows where a part of the split would be empty, or the label or the weights cannot be trained on
 */
export async function prepareDataset(options: PrepareOptions): Promise<PreparedDataset> {
  const { outDir, schema, features, split } = options;
  const { format, parts } = { format: trainingFormat(schema), parts: 1, ...options.training };
  const [unfit] = [...checkFeatures(schema, features), ...checkSplit(schema, split, features)];
  if (unfit !== undefined) throw unfit;
  for (const part of splitParts) await mkdir(path.join(outDir, part), { recursive: true });
  const work = path.join(outDir, '.split.parquet');
  const writeJson = (name: string, content: unknown, space?: number): Promise<void> => writeFile(path.join(outDir, name), `${JSON.stringify(content, undefined, space)}\n`);
  try {
    return await withDuckDb({ ...options, temporaryFolder: outDir }, async (db) => {
      await writeSplit(db, options, work);
      const written = `read_parquet(${quoteText(work)})`;
      // The newest rows are often without a label yet: of all rows, those would be most of the test.
      const cuts = await splitCuts(db, `(FROM ${written} WHERE ${knownColumn})`, keyColumn, split);
      const all = `(SELECT *, ${splitPartSql(keyColumn, cuts)} AS ${partColumn} FROM ${written})`;
      const classes = await learnClasses(db, `(FROM ${all} WHERE ${partColumn} = 0)`, labelColumn, schema);
      const numbered = `(SELECT * REPLACE (${labelNumberSql(labelColumn, classes)} AS ${labelColumn}) FROM ${all})`;
      const { unplacedRows, ...counts } = await countParts(db, numbered, { label: labelColumn, known: knownColumn, part: partColumn }, { schema, split });
      const raw = (part: number): string => `(SELECT * FROM ${numbered} WHERE ${partColumn} = ${String(part)} AND ${labelColumn} IS NOT NULL)`;
      await checkWeights(db, `(FROM ${numbered} WHERE ${labelColumn} IS NOT NULL AND ${partColumn} IS NOT NULL)`, schema, `${partColumn} = 0`);
      const fitted = await fitFeatures(db, raw(0), labelColumn, features);
      const trainingFiles: Record<string, string> = {};
      for (const part of [0, 1] as const) {
        const names = await writeTrainingFiles(db, fittedSelect(raw(part), fitted, leadingColumns(schema, labelColumn)), path.join(outDir, splitParts[part]), { format, parts: part === 0 ? parts : 1 });
        for (const name of names) trainingFiles[`${splitParts[part]}/${name}`] = format.mediaType;
      }
      const rawColumns = schema.columns.filter((column) => column.name !== 'label').map((column) => quoteName(column.name));
      const test = path.join(outDir, 'test', 'data.parquet');
      await copy(db, `SELECT ${[...rawColumns, `CAST(${labelColumn} AS FLOAT) AS label`].join(', ')} FROM ${raw(2)}`, test);
      const more = classes === undefined ? {} : { classes };
      await writeJson('features.json', fitted);
      await writeJson('label.json', { kind: schema.label.kind, ...more } satisfies PreparedLabel);
      await writeJson('sample.json', await readSample(db, test, schema), 2);
      const placed = `(FROM ${numbered} WHERE ${partColumn} IS NOT NULL AND ${labelColumn} IS NOT NULL)`;
      return { ...counts, split: await summariseSplit(db, placed, partColumn, { schema, split, unplacedRows }), fitted, trainingFiles, ...more };
    });
  } finally {
    await rm(work, { force: true });
  }
}

/** Columns of the intermediate file: names that no declared column can have. */
const labelColumn = quoteName('#label');
const knownColumn = quoteName('#known');
const keyColumn = quoteName('#key');
const partColumn = quoteName('#part');

/** Reads the source once and writes its typed rows with their label and what places them; what follows reads that file, so that memory stays bounded. */
async function writeSplit(db: DuckDb, options: PrepareOptions, work: string): Promise<void> {
  const { schema, split } = options;
  const { sources } = await openSources(db, options);
  const [only] = sources;
  const rows = sources.length === 1 ? `(${typedSelect(only!, schema)})` : (await typedRows(db, sources, { schema, badRows: 'fail' })).relation;
  const label = labelSql(schema);
  await copy(db, `SELECT *, ${label} AS ${labelColumn}, (${label}) IS NOT NULL AS ${knownColumn}, ${splitKeySql(schema, split)} AS ${keyColumn} FROM ${rows}`, work);
}

async function copy(db: DuckDb, select: string, file: string): Promise<void> {
  await db.run(`COPY (${select}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`);
}
