import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMatrix } from '../../../model/data/matrix.ts';
import { prepareDataset } from '../../../model/data/prepare.ts';
import { readRawColumns } from '../../../model/data/raw-columns.ts';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { columnarGraphInputs, graphInputs } from '../../../model/serving/inputs.ts';
import { parseRow } from '../../../model/serving/request.ts';
import { servingSchema } from '../../../model/serving/schema.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { Split } from '../../../model/spec/split.ts';
import { withFolder, writeLines, writeParquet } from '../data/files.ts';
import { asRequest, bits, rowWith, sendableNumber, sqlValues, text, writeTime, writtenTime } from './rows.ts';
import type { Row } from './rows.ts';

const columns = [Column.integer('id', { nullable: false }), Column.timestamp('t'), Column.number('n'), Column.integer('i'), Column.boolean('b'), Column.string('s')];
const memory = { memoryMb: 100, threads: 1 };

/** A label for each task: what it is called in the file, and its value in a row. */
const tasks = {
  binary: { label: Column.integer('y'), of: Label.binary('y'), value: (id: number) => id % 2 },
  multiclass: { label: Column.string('y'), of: Label.category('y'), value: (id: number) => ['red', 'green', 'blue, "dark"'][id % 3]! },
  regression: { label: Column.number('y'), of: Label.number('y'), value: (id: number) => id * 0.37 - 5 },
};
type Task = keyof typeof tasks;

/** Every transform on every type that it takes; whole numbers and truth values as what they are or as categories, which have the same name. */
function featuresOf(task: Task, asNumbers: boolean): Feature[] {
  const times = [Feature.hourOfDay('t'), Feature.dayOfWeek('t'), Feature.dayOfYear('t')];
  const either = ['i', 'b'].map((name) => (asNumbers ? Feature.numeric(name) : Feature.category(name)));
  // Classes have no mean.
  const means = task === 'multiclass' ? [] : ['s', 'i', 'b'].map((name) => Feature.targetMean(name));
  return [Feature.numeric('id'), Feature.numeric('n'), ...times, Feature.category('s'), ...either, ...means];
}

/** A file as each format writes it. Without a value CSV has nothing between its commas, so that it cannot tell an empty text from a missing one. */
const writers = {
  csv: (rows: readonly Row[], task: Task, folder: string) => {
    const field = (value: unknown): string => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`);
    const lines = rows.map((row, id) => [id, row.t === null ? null : writeTime(row.t, ' '), row.n === null ? null : literal(row.n), row.i, row.b, row.s, tasks[task].value(id)].map(field).join(','));
    return writeLines(path.join(folder, 'rows.csv'), ['id,t,n,i,b,s,y', ...lines]);
  },
  'JSON lines': (rows: readonly Row[], task: Task, folder: string) => {
    return writeLines(path.join(folder, 'rows.jsonl'), rows.map((row, id) => JSON.stringify({ id, ...asRequest(row, 'T'), y: tasks[task].value(id) })));
  },
  Parquet: (rows: readonly Row[], task: Task, folder: string) => {
    const values = rows.map((row, id) => `(${String(id)}, ${sqlValues(row)})`).join(', ');
    const label = { binary: 'id % 2', multiclass: `['red', 'green', 'blue, "dark"'][id % 3 + 1]`, regression: `id * '0.37'::DOUBLE - 5` }[task];
    return writeParquet(path.join(folder, 'rows.parquet'), `SELECT id::BIGINT AS id, t, n::DOUBLE AS n, i::BIGINT AS i, b::BOOLEAN AS b, s::VARCHAR AS s, ${label} AS y FROM (VALUES ${values}) AS v(id, y, t, n, i, b, s)`);
  },
};

function literal(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** What the graph makes of an input. */
function throughGraph(feature: FittedFeature, input: Float32Array | readonly string[]): Float32Array {
  if (feature.encoding === undefined) return input as Float32Array;
  const codes = new Map(feature.encoding);
  return Float32Array.from(input as readonly string[], (key) => codes.get(key) ?? Number.NaN);
}

/** Prepares a file as the pipeline does, then asks the serving path for each of its rows, sent as JSON. */
async function check(rows: readonly Row[], format: keyof typeof writers, task: Task, asNumbers: boolean): Promise<void> {
  await withFolder(async (folder) => {
    const schema = new Dataset({ columns: [...columns, tasks[task].label], label: tasks[task].of }).toJSON();
    const serving = servingSchema(schema);
    const features = featuresOf(task, asNumbers).map((feature) => feature.toJSON());
    const outDir = path.join(folder, 'out');
    const file = await writers[format](rows, task, folder);
    const split = Split.byRowHash({ train: 0.5, validation: 0.25, test: 0.25 }).toJSON();
    const { fitted } = await prepareDataset({ file, schema, features, split, outDir, ...memory });
    const request = (id: number): Record<string, unknown> => {
      const sent = { id, ...asRequest(rows[id]!, 'T') };
      return JSON.parse(JSON.stringify(format === 'csv' && rows[id]!.s === '' ? { ...sent, s: null } : sent)) as Record<string, unknown>;
    };
    let seen = 0;
    for (const part of ['train', 'validation']) {
      const matrix = await readMatrix(path.join(outDir, part), memory);
      const ids = [...matrix.columns[matrix.names.indexOf('id')]!];
      const parsed = ids.map((id) => parseRow(request(id), serving));
      const inputs = graphInputs(parsed, fitted, serving);
      fitted.forEach((feature) => {
        const expected = bits(matrix.columns[matrix.names.indexOf(feature.name)]!);
        expect({ [feature.name]: bits(throughGraph(feature, inputs[feature.name]!)) }).toEqual({ [feature.name]: expected });
      });
      seen += ids.length;
    }
    // The held-out rows, as the evaluation reads them.
    const raw = await readRawColumns(path.join(outDir, 'test', 'data.parquet'), schema, memory);
    const evaluated = columnarGraphInputs((name) => raw.columns[name]!, fitted, serving);
    const served = graphInputs([...(raw.columns['id'] as Float64Array)].map((id) => parseRow(request(id), serving)), fitted, serving);
    for (const feature of fitted) expect({ [feature.name]: inputOf(served[feature.name]!) }).toEqual({ [feature.name]: inputOf(evaluated[feature.name]!) });
    expect(seen + raw.rows).toBe(rows.length);
  });
}

const inputOf = (input: Float32Array | readonly string[]): readonly (number | string)[] => (input instanceof Float32Array ? bits(input) : input);

describe.each(Object.keys(tasks) as Task[])('serving equals training, for a %s label', (task) => {
  it.each(Object.keys(writers) as (keyof typeof writers)[])('of a file of %s, row by row', async (format) => {
    // A lone carriage return ends a line of CSV for some and not for others: such files are refused.
    const texts = format === 'csv' ? text.filter((value) => !value.includes('\r')) : text;
    const rows = fc.array(rowWith(writtenTime, sendableNumber, texts), { minLength: 60, maxLength: 90 });
    await fc.assert(fc.asyncProperty(rows, fc.boolean(), (some, asNumbers) => check(some, format, task, asNumbers)), { numRuns: 4 });
  }, 60_000);
});
