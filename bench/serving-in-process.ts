import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { modelFiles } from '../model/serving/model-files.ts';
import { servingRows, servingShape, writeServingModel } from './serving/model.ts';

/** What Slipway promises of serving in process. */
const target = { oneRowP50Us: 8, timesPython: 1.3 };
/** Both are measured in turns, since other work on the machine comes and goes; the best turn of each counts. */
const turns = 3;
/** Of rows that the model was not trained on. */
const seed = 2;
const python = '/usr/bin/python3';

interface OwnRun {
  readonly oneRow: { readonly object: { readonly p50Us: number } };
  readonly thousandRows: { readonly checkedRowsUs: number; readonly numbersUs: number };
  readonly hundredThousandRows: { readonly loopDelayMs: { readonly max: number } };
}

type PythonRun = Readonly<Record<string, number | string>>;

/**
 * Predictions in process, of 100 trees over 30 features: one row from parsed JSON to its answer; 1,000 rows beside the fastest way that Python has, numbers in and
 * numbers out (`numbersUs`) and from checked rows to answers (`checkedRowsUs`); and how long 100,000 rows hold up other work.
 */
export async function run(): Promise<object> {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-bench-'));
  try {
    await writeServingModel(folder);
    const rows = path.join(folder, 'rows');
    writeFileSync(rows, Buffer.concat(servingRows(1_000, seed).map((row) => new Uint8Array(row.buffer))));
    const own: OwnRun[] = [];
    const others: PythonRun[] = [];
    for (let turn = 0; turn < turns; turn++) {
      others.push(...pythonRun({ booster: path.join(folder, 'model.ubj'), onnx: path.join(folder, modelFiles.onnx), rows, features: servingShape.features }));
      own.push(ownRun(folder));
    }
    return result(own, others);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function result(own: readonly OwnRun[], others: readonly PythonRun[]): object {
  const best = own.toSorted((a, b) => a.thousandRows.numbersUs - b.thousandRows.numbersUs)[0]!;
  const oneRowP50Us = Math.min(...own.map(({ oneRow }) => oneRow.object.p50Us));
  const [calmest] = own.map((turn) => turn.hundredThousandRows).sort((a, b) => a.loopDelayMs.max - b.loopDelayMs.max);
  const ways = bestOf(others);
  const fastest = ways.toSorted(([, a], [, b]) => a - b)[0];
  const timesPython = fastest === undefined ? undefined : Number((fastest[1] / best.thousandRows.numbersUs).toFixed(2));
  return {
    ...servingShape,
    slipway: { ...best, hundredThousandRows: calmest },
    python: fastest === undefined ? 'absent (apt-get install python3-xgboost)' : { version: others[0]?.['version'], best: fastest[0], us: Object.fromEntries(ways) },
    oneRowP50Us,
    ...(timesPython === undefined ? {} : { timesPython }),
    target: { ...target, met: oneRowP50Us <= target.oneRowP50Us && (timesPython === undefined || timesPython >= target.timesPython) },
  };
}

function bestOf(runs: readonly PythonRun[]): [string, number][] {
  const best = new Map<string, number>();
  for (const run of runs) for (const [way, us] of Object.entries(run)) if (typeof us === 'number') best.set(way, Math.min(us, best.get(way) ?? Infinity));
  return [...best];
}

function ownRun(folder: string): OwnRun {
  return JSON.parse(execFileSync(process.execPath, [path.join(import.meta.dirname, 'serving', 'in-process-run.ts'), folder, String(seed)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as OwnRun;
}

function pythonRun(given: object): PythonRun[] {
  if (spawnSync(python, ['-c', 'import numpy, xgboost'], { stdio: 'ignore' }).status !== 0) return [];
  return [JSON.parse(execFileSync(python, [path.join(import.meta.dirname, 'serving', 'python.py'), JSON.stringify(given)], { encoding: 'utf8' })) as PythonRun];
}
