import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { schema } from './validate-data-file.ts';

const rows = Number(process.env['BENCH_ROWS'] ?? '1000000');
const repeats = Number(process.env['BENCH_REPEATS'] ?? '3');
/** What DuckDB may hold: that of a function of 1.1 GB. */
const memoryMb = 512;
const threads = Math.min(2, availableParallelism());
const python = '/usr/bin/python3';
/** What Slipway promises: beside pandas on the same file, and of four times the rows beside these. */
const target = { timesAsFastAsPandas: 2, shareOfPandasMemory: 0.5, memoryOfFourTimesTheRows: 1.3 };

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly found: object;
  readonly version?: string;
}

/**
 * ValidateData's core on 20 mixed columns as CSV and, where it is installed, pandas making the same profile of the same file right after it,
 * each in a process of its own: so much of a run as lies between two of them is the same machine. pandas counts different values and takes
 * quantiles exactly, ValidateData approximately above 10,000 values; ValidateData also looks for leakage. Starting and importing are not timed.
 */
export async function run(): Promise<object> {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-bench-'));
  try {
    const small = write(folder, rows);
    const large = write(folder, 4 * rows);
    const pairs = Array.from({ length: repeats }, () => ({ own: validate(small.csv), pandas: pandasProfile(small.csv), parquet: validate(small.parquet) }));
    const own = pairs.map((pair) => pair.own);
    const four = { csv: validate(large.csv), parquet: validate(large.parquet) };
    const memoryOfFourTimesTheRows = rounded(four.csv.peakRssMb / median(own.map(({ peakRssMb }) => peakRssMb)));
    const beside = pairs.flatMap(({ own: ours, pandas }) => (pandas === undefined ? [] : [{ ours, pandas }]));
    return await Promise.resolve({
      rows, columns: schema.columns.length, csvMb: Math.round(statSync(small.csv).size / 1e6), threads, memoryMb, repeats,
      csv: summary(own), parquet: summary(pairs.map((pair) => pair.parquet)),
      fourTimesTheRows: { csv: summary([four.csv]), parquet: summary([four.parquet]), memory: memoryOfFourTimesTheRows },
      ...(beside.length === 0 ? { pandas: 'absent (apt-get install python3-pandas)' } : compared(beside)),
      target,
      memoryMet: memoryOfFourTimesTheRows <= target.memoryOfFourTimesTheRows,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compared(pairs: readonly { readonly ours: Run; readonly pandas: Run }[]): object {
  const faster = pairs.map(({ ours, pandas }) => rounded(pandas.seconds / ours.seconds));
  const memory = pairs.map(({ ours, pandas }) => rounded(ours.peakRssMb / pandas.peakRssMb));
  return {
    pandas: { version: pairs[0]!.pandas.version, ...summary(pairs.map(({ pandas }) => pandas)) },
    timesAsFastAsPandas: { median: median(faster), spread: [Math.min(...faster), Math.max(...faster)] },
    shareOfPandasMemory: { median: median(memory), spread: [Math.min(...memory), Math.max(...memory)] },
    found: { own: pairs[0]!.ours.found, pandas: pairs[0]!.pandas.found },
    met: median(faster) >= target.timesAsFastAsPandas && median(memory) <= target.shareOfPandasMemory,
  };
}

function summary(runs: readonly Run[]): object {
  const seconds = runs.map((one) => rounded(one.seconds));
  return { seconds: median(seconds), secondsSpread: [Math.min(...seconds), Math.max(...seconds)], cpuSeconds: rounded(median(runs.map((one) => one.cpuSeconds))), peakRssMb: median(runs.map((one) => one.peakRssMb)) };
}

function write(folder: string, count: number): { readonly csv: string; readonly parquet: string } {
  const files = { csv: path.join(folder, `${String(count)}.csv`), parquet: path.join(folder, `${String(count)}.parquet`) };
  execFileSync(process.execPath, [path.join(import.meta.dirname, 'validate-data-file.ts'), JSON.stringify({ rows: count, ...files })], { stdio: ['ignore', 'ignore', 'inherit'] });
  return files;
}

function validate(file: string): Run {
  return runOf(process.execPath, ['validate-data-run.ts', { file, memoryMb, threads }]);
}

/** `undefined` where there is no pandas. */
function pandasProfile(file: string): Run | undefined {
  if (spawnSync(python, ['-c', 'import pandas'], { stdio: 'ignore' }).status !== 0) return undefined;
  const of = <Value>(value: (column: (typeof schema.columns)[number]) => Value | undefined): Record<string, Value> =>
    Object.fromEntries(schema.columns.flatMap((column) => { const found = value(column); return found === undefined ? [] : [[column.name, found]]; }));
  return runOf(python, ['validate-data-pandas.py', {
    file,
    label: schema.label.column,
    columns: of(({ type }) => type),
    categories: of(({ categories }) => categories),
    bounds: of(({ minimum, maximum }) => (minimum === undefined && maximum === undefined ? undefined : [minimum ?? null, maximum ?? null])),
  }]);
}

function runOf(program: string, [script, given]: readonly [string, object]): Run {
  return JSON.parse(execFileSync(program, [path.join(import.meta.dirname, script), JSON.stringify(given)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as Run;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
