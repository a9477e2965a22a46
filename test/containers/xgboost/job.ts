import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { withDuckDb } from '../../../model/data/duckdb.ts';
import type { LabelledMatrix } from '../../../model/matrix.ts';

const program = path.join(import.meta.dirname, '../../../containers/xgboost/train.ts');

/** The three files of /opt/ml/input/config. */
export interface JobFiles {
  readonly hyperparameters: object;
  readonly inputs: object;
  readonly resources?: object;
  readonly checkpoints?: object;
}

/** Makes a folder shaped like /opt/ml, removed after the test. */
export function jobFolder({ hyperparameters, inputs, resources = { current_host: 'algo-1', hosts: ['algo-1'] }, checkpoints }: JobFiles): string {
  const base = mkdtempSync(path.join(tmpdir(), 'slipway-job-'));
  onTestFinished(() => {
    rmSync(base, { recursive: true });
  });
  const config = path.join(base, 'input', 'config');
  mkdirSync(config, { recursive: true });
  writeFileSync(path.join(config, 'hyperparameters.json'), JSON.stringify(hyperparameters));
  writeFileSync(path.join(config, 'inputdataconfig.json'), JSON.stringify(inputs));
  writeFileSync(path.join(config, 'resourceconfig.json'), JSON.stringify(resources));
  if (checkpoints !== undefined) writeFileSync(path.join(config, 'checkpointconfig.json'), JSON.stringify(checkpoints));
  return base;
}

/** Runs the container's program on the folder. */
export function runJob(base: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program], { env: { ...process.env, SAGEMAKER_BASE_DIR: base }, encoding: 'utf8', timeout: 60_000 });
}

/** Starts the container's program and kills it, as a lost machine does, once its output shows a text. */
export async function killJob(base: string, once: string): Promise<{ signal: NodeJS.Signals | null; stdout: string }> {
  const job = spawn(process.execPath, [program], { env: { ...process.env, SAGEMAKER_BASE_DIR: base }, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  job.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.includes(once)) job.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    job.on('error', reject).on('close', (_, signal) => {
      resolve({ signal, stdout });
    });
  });
}

/** The rows as CSV, label first, without a header; missing values are empty. */
export function csvOf(data: LabelledMatrix): string {
  const field = (value: number): string => (Number.isNaN(value) ? '' : String(value));
  const line = (row: number): string => [data.label[row]!, ...data.columns.map((column) => column[row]!)].map(field).join(',');
  return `${Array.from({ length: data.rows }, (_, row) => line(row)).join('\n')}\n`;
}

/** Writes a file of a channel. */
export function writeChannel(base: string, channel: string, file: string, content: string): string {
  const folder = path.join(base, 'input', 'data', channel);
  mkdirSync(folder, { recursive: true });
  const full = path.join(folder, file);
  writeFileSync(full, content);
  return full;
}

/** Turns CSV without a header into Parquet files of these many rows each. */
export async function writeParquetParts(csv: string, folder: string, names: readonly string[], rowsEach: number): Promise<void> {
  const columns = names.map((name) => `'${name}': 'FLOAT'`).join(', ');
  await withDuckDb({ memoryMb: 128, threads: 1 }, async (db) => {
    await db.run(`CREATE TABLE rows AS SELECT row_number() OVER () - 1 AS place, * FROM read_csv('${csv}', header = false, columns = {${columns}})`);
    const [all] = await db.all<{ count: number }>('SELECT count(*) AS count FROM rows');
    for (let part = 0; part * rowsEach < all!.count; part++) {
      const file = path.join(folder, `part-${String(part).padStart(4, '0')}.parquet`);
      await db.run(`COPY (SELECT * EXCLUDE (place) FROM rows WHERE place // ${String(rowsEach)} = ${String(part)} ORDER BY place) TO '${file}' (FORMAT parquet)`);
    }
  });
}
