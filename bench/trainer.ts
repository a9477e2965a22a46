import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { benchRows } from './trainer-data.ts';
import type { BenchShape } from './trainer-data.ts';

const shapes: readonly BenchShape[] = [{ rows: 3_000_000, features: 6 }, { rows: 200_000, features: 30 }];
const hyperparameters = { num_round: '100', max_depth: '6', eta: '0.2', objective: 'binary:logistic', base_score: '0.5' };
/** What Slipway promises: for each shape at most so many times XGBoost's time on one thread. */
const largestRatio = 2.5;
/** And on two cores for the larger shape, beside which no XGBoost need stand. */
const target = { rows: 3_000_000, seconds: 45, peakRssMb: 2500 };
const python = '/usr/bin/python3';

interface OwnRun {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly auc: number;
}

interface XGBoostRun {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly auc: number;
  readonly version: string;
}

/**
 * The trainer on generated rows, on one thread and on as many as the machine has (at most two), and, where it is installed, XGBoost on one
 * thread right after it. `ratioOneThread` sets one thread against one, `ratio` all of ours against its one; `met` stands on the worse of the two. On a
 * machine that does other work as well, `cpuRatioOneThread` says more.
 */
export function run(): Promise<object> {
  const results = shapes.map(runShape);
  return Promise.resolve({ hyperparameters, largestRatio, met: results.every((result) => result.met), shapes: results });
}

function runShape(shape: BenchShape): object & { readonly met: boolean } {
  const rows = process.env.BENCH_ROWS === undefined ? shape.rows : Math.min(shape.rows, Number(process.env.BENCH_ROWS));
  const bounded = { ...shape, rows };
  const threads = Math.min(2, availableParallelism());
  const own = ownRun(bounded, threads);
  const oneThread = threads === 1 ? own : ownRun(bounded, 1);
  const xgboost = xgboostRun(bounded);
  const measured = {
    ...bounded,
    slipway: { threads, ...rounded(own) },
    slipwayOneThread: { threads: 1, ...rounded(oneThread) },
    xgboost: xgboost === undefined ? 'absent (apt-get install python3-xgboost)' : { threads: 1, ...rounded(xgboost), version: xgboost.version },
    ...(xgboost === undefined ? {} : rounded({
      ratio: own.seconds / xgboost.seconds,
      ratioOneThread: oneThread.seconds / xgboost.seconds,
      cpuRatioOneThread: oneThread.cpuSeconds / xgboost.cpuSeconds,
    })),
    ...(rows === target.rows ? { target: { ...target, met: own.seconds <= target.seconds && own.peakRssMb <= target.peakRssMb } } : {}),
  };
  return { ...measured, met: xgboost === undefined || Math.max(own.seconds, oneThread.seconds) <= largestRatio * xgboost.seconds };
}

function ownRun(shape: BenchShape, threads: number): OwnRun {
  const given = JSON.stringify({ shape, threads, hyperparameters });
  return JSON.parse(execFileSync(process.execPath, [path.join(import.meta.dirname, 'trainer-run.ts'), given], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as OwnRun;
}

function xgboostRun(shape: BenchShape): XGBoostRun | undefined {
  if (spawnSync(python, ['-c', 'import numpy, xgboost'], { stdio: 'ignore' }).status !== 0) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-bench-'));
  try {
    const train = writeColumns(path.join(folder, 'train'), shape, 12345);
    const test = writeColumns(path.join(folder, 'test'), { ...shape, rows: 200_000 }, 54321);
    const output = execFileSync(python, [path.join(import.meta.dirname, 'trainer-xgboost.py'), JSON.stringify({ train, test, hyperparameters })], { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } });
    return JSON.parse(output) as XGBoostRun;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeColumns(folder: string, shape: BenchShape, seed: number): string {
  mkdirSync(folder);
  const data = benchRows(shape, seed);
  data.columns.forEach((column, index) => {
    writeFileSync(path.join(folder, `f${String(index)}`), column);
  });
  writeFileSync(path.join(folder, 'label'), data.label);
  return folder;
}

function rounded(figures: object): object {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? Number(value.toFixed(name === 'auc' ? 5 : 2)) : (value as unknown)]));
}
