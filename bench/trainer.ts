import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { benchRows } from './trainer-data.ts';

const rows = Number(process.env.BENCH_ROWS ?? '3000000');
const hyperparameters = { num_round: '100', max_depth: '6', eta: '0.2', objective: 'binary:logistic', base_score: '0.5' };
/** What Slipway promises for 3,000,000 rows, 6 features, 100 rounds, depth 6 on two cores. */
const target = { seconds: 45, peakRssMb: 2500 };
const python = '/usr/bin/python3';

/** The trainer on generated rows and, where it is installed, XGBoost on one thread right after it. */
export async function run(): Promise<object> {
  const threads = Math.min(2, availableParallelism());
  const given = JSON.stringify({ rows, threads, hyperparameters });
  const own = JSON.parse(execFileSync(process.execPath, [path.join(import.meta.dirname, 'trainer-run.ts'), given], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as {
    seconds: number; cpuSeconds: number; peakRssMb: number; auc: number;
  };
  const xgboost = xgboostRun();
  return Promise.resolve({
    rows, features: 6, hyperparameters, threads,
    seconds: rounded(own.seconds), cpuSeconds: rounded(own.cpuSeconds), peakRssMb: own.peakRssMb, auc: rounded(own.auc, 5),
    target, met: own.seconds <= target.seconds && own.peakRssMb <= target.peakRssMb,
    xgboostOneThread: xgboost ?? 'absent (apt-get install python3-xgboost)',
  });
}

function xgboostRun(): object | undefined {
  if (spawnSync(python, ['-c', 'import numpy, xgboost'], { stdio: 'ignore' }).status !== 0) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-bench-'));
  try {
    const train = writeColumns(path.join(folder, 'train'), rows, 12345);
    const test = writeColumns(path.join(folder, 'test'), 200_000, 54321);
    const output = execFileSync(python, [path.join(import.meta.dirname, 'trainer-xgboost.py'), JSON.stringify({ train, test, hyperparameters })], { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } });
    const { seconds, auc, version } = JSON.parse(output) as { seconds: number; auc: number; version: string };
    return { version, seconds: rounded(seconds), auc: rounded(auc, 5) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeColumns(folder: string, count: number, seed: number): string {
  mkdirSync(folder);
  const data = benchRows(count, seed);
  data.columns.forEach((column, index) => {
    writeFileSync(path.join(folder, `f${String(index)}`), column);
  });
  writeFileSync(path.join(folder, 'label'), data.label);
  return folder;
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
