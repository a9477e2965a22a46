import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CheckpointFolder, trainingDigest } from '../../../containers/xgboost/checkpoints.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { fixture } from '../../model/xgboost/fixtures.ts';
import { objectiveCases, rowsFor } from '../../model/trainer/data.ts';
import { csvOf, jobFolder, killJob, runJob, writeChannel } from './job.ts';

const csv = { ContentType: 'text/csv', TrainingInputMode: 'File' };
const checkpoints = { LocalPath: '/opt/ml/checkpoints', S3Uri: 's3://bucket/checkpoints' };
const { given, label } = objectiveCases[1];
const hyperparameters = { ...given, num_round: '250', max_depth: '4', eta: '0.05', subsample: '0.8', colsample_bytree: '0.75', early_stopping_rounds: '200', eval_metric: 'mlogloss' };

function job(extra: Record<string, string> = {}, config: object | false = checkpoints): string {
  const base = jobFolder({ hyperparameters: { ...hyperparameters, ...extra }, inputs: { train: csv, validation: csv }, ...(config === false ? {} : { checkpoints: config }) });
  writeChannel(base, 'train', 'a.csv', csvOf(rowsFor(label, 1000, 60)));
  writeChannel(base, 'validation', 'b.csv', csvOf(rowsFor(label, 400, 61)));
  return base;
}
const files = (base: string): string[] => readdirSync(path.join(base, 'checkpoints'));
const rounds = (base: string): number[] => files(base).map((name) => Number(name.split('.')[1])).sort((a, b) => a - b);
const model = (base: string): Buffer => readFileSync(path.join(base, 'model', 'xgboost-model'));

describe('a job that is killed', () => {
  it('resumes to the same bytes, as often as it dies, and reports the rest of its rounds', async () => {
    const whole = job({}, false);
    const undisturbed = runJob(whole);
    expect(undisturbed.status).toBe(0);
    expect(existsSync(path.join(whole, 'checkpoints'))).toBe(false);
    const base = job();
    for (const once of ['[60]#011', '[150]#011']) {
      expect((await killJob(base, once)).signal).toBe('SIGKILL');
      expect(existsSync(path.join(base, 'model', 'xgboost-model'))).toBe(false);
    }
    const last = rounds(base).at(-1)!;
    // Which rounds were written depends on how long writing took; the first one always is.
    expect(last).toBeGreaterThanOrEqual(0);
    // What a death in the middle of a write leaves.
    writeFileSync(path.join(base, 'checkpoints', 'xgboost-checkpoint.9999.sagemaker-ignore'), 'half');
    const { status, stdout } = runJob(base);
    expect(status).toBe(0);
    expect(stdout).toContain(`resuming from ${path.join(base, 'checkpoints', `xgboost-checkpoint.${String(last)}`)} at round ${String(last + 1)}`);
    const lines = (text: string): string[] => text.split('\n').filter((line) => line.includes('#011'));
    expect(lines(stdout)).toEqual(lines(undisturbed.stdout).slice(last + 1));
    expect(model(base).equals(model(whole))).toBe(true);
    expect(files(base).filter((name) => /^xgboost-checkpoint\.\d+$/.test(name)).length).toBeLessThanOrEqual(5);
  });

  it('starts anew and says so where the checkpoint is of other data or hyperparameters, or broken', () => {
    const base = job({ num_round: '8' });
    expect(runJob(base).stdout).toContain('none to resume from, starting at round 0');
    const [first, last] = [rounds(base)[0]!, rounds(base).at(-1)!];
    writeFileSync(path.join(base, 'checkpoints', `xgboost-checkpoint.${String(last)}`), 'broken');
    const again = runJob(base);
    expect(again.stdout).toMatch(new RegExp(`WARNING: checkpoint not used: .*xgboost-checkpoint\\.${String(last)} cannot be read`));
    const fresh = job({ num_round: '8', eta: '0.4' });
    const config = path.join('input', 'config', 'hyperparameters.json');
    writeFileSync(path.join(base, config), readFileSync(path.join(fresh, config)));
    const other = runJob(base);
    expect(other.stdout).toMatch(new RegExp(`xgboost-checkpoint\\.${String(first)} is of other data or hyperparameters`));
    expect(other.stdout).toContain('starting at round 0');
    expect(runJob(fresh).status).toBe(0);
    expect(model(base).equals(model(fresh))).toBe(true);
  });

  it('is told of a folder that no container has', () => {
    const base = job({}, { LocalPath: '/opt/ml/../etc' });
    expect(runJob(base).status).toBe(1);
    expect(readFileSync(path.join(base, 'output', 'failure'), 'utf8')).toContain('has the LocalPath "/opt/ml/../etc", expected a folder under /opt/ml');
  });
});

describe('the folder', () => {
  const booster = readBooster(fixture('multi-softprob').ubjson);
  function folder(): string {
    const made = mkdtempSync(path.join(tmpdir(), 'slipway-checkpoints-'));
    onTestFinished(() => {
      rmSync(made, { recursive: true });
    });
    return made;
  }

  it('keeps the last five, those that are being uploaded, and those of later rounds', () => {
    const at = folder();
    writeFileSync(path.join(at, 'xgboost-checkpoint.100'), 'of another training');
    const names = new CheckpointFolder(at, 'this');
    let time = 0;
    for (let round = 0; round < 9; round++) {
      names.offer(round, () => booster, () => (time += 1000));
      time += 1e6;
      if (round === 1) writeFileSync(path.join(at, 'xgboost-checkpoint.1.sagemaker-uploading'), '');
      if (round === 2) for (const mark of ['uploading', 'uploaded']) writeFileSync(path.join(at, `xgboost-checkpoint.2.sagemaker-${mark}`), '');
    }
    const found = readdirSync(at).filter((name) => /\.\d+$/.test(name)).map((name) => Number(name.split('.')[1])).sort((a, b) => a - b);
    expect(found).toEqual([1, 4, 5, 6, 7, 8, 100]);
    const { checkpoint, unusable } = names.latest();
    expect(checkpoint!.file).toBe(path.join(at, 'xgboost-checkpoint.8'));
    expect(checkpoint!.booster.trees).toEqual(booster.trees);
    expect(unusable).toHaveLength(1);
    expect(new CheckpointFolder(at, 'other').latest().checkpoint).toBeUndefined();
  });

  it('spends no more than a twentieth of the time on writing', () => {
    const at = folder();
    const names = new CheckpointFolder(at, 'this');
    let time = 0;
    // Each look at the clock is 10 ms on: a write takes 10, a round 50.
    for (let round = 0; round < 20; round++) {
      names.offer(round, () => booster, () => (time += 10));
      time += 50;
    }
    const found = readdirSync(at).map((name) => Number(name.split('.')[1])).sort((a, b) => a - b);
    expect(found).toEqual([0, 4, 8, 12, 16]);
  });
});

it('tells trainings apart by data, hyperparameters and trainer, not by their threads', () => {
  const [data, other] = [rowsFor(label, 20, 1), rowsFor(label, 20, 2)];
  const digest = trainingDigest('t', { eta: '1', nthread: '1' }, [data, undefined]);
  expect(trainingDigest('t', { nthread: '2', eta: '1' }, [data, undefined])).toBe(digest);
  for (const different of [trainingDigest('u', { eta: '1' }, [data, undefined]), trainingDigest('t', { eta: '2' }, [data, undefined]), trainingDigest('t', { eta: '1' }, [other, undefined]), trainingDigest('t', { eta: '1' }, [data, data]), trainingDigest('t', { eta: '1' }, [{ ...data, weight: data.label }, undefined])]) {
    expect(different).not.toBe(digest);
  }
});
