import { describe, expect, it } from 'vitest';
import type { LabelledMatrix } from '../../../model/matrix.ts';
import { logGamma } from '../../../model/trainer/log-gamma.ts';
import type { Round } from '../../../model/trainer/train.ts';
import { train } from '../../../model/trainer/train.ts';
import { predict } from '../../../model/xgboost/predict.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { writeJson, writeUbjson } from '../../../model/xgboost/write.ts';
import { objectiveCases, parameters, rowsFor } from './data.ts';

const sampled = { subsample: '0.7', colsample_bytree: '0.8', colsample_bylevel: '0.8', colsample_bynode: '0.8' };

describe.each(objectiveCases)('$objective', ({ given, label }) => {
  it('gives the same model for any number of threads, also from samples, and every tree its output', async () => {
    const [data, validation] = [rowsFor(label, 20_000, 1), rowsFor(label, 9000, 2)];
    const models: string[] = [];
    const lines: Round[][] = [];
    for (const threads of [1, 2, 4]) {
      const rounds: Round[] = [];
      const booster = await train({ train: data, validation, parameters: parameters({ ...given, ...sampled, num_round: '5' }), threads, onRound: (round) => rounds.push(round) });
      models.push(writeJson(booster));
      lines.push(rounds);
      const outputs = Math.max(1, booster.numClass);
      expect([...booster.treeInfo]).toEqual(Array.from({ length: 5 * outputs }, (_, index) => index % outputs));
    }
    expect(models[1]).toBe(models[0]);
    expect(models[2]).toBe(models[0]);
    expect(lines[1]).toEqual(lines[0]);
    expect(lines[2]).toEqual(lines[0]);
  });

  it('draws rows anew from another seed', async () => {
    const data = rowsFor(label, 1500, 3);
    const model = async (extra: Record<string, string>): Promise<string> => writeJson(await train({ train: data, parameters: parameters({ ...given, num_round: '3', ...extra }) }));
    expect(await model({ subsample: '0.5', seed: '1' })).not.toBe(await model({ subsample: '0.5', seed: '2' }));
    expect(await model({ seed: '1' })).toBe(await model({ seed: '2' }));
  });

  it('goes on from any round to the very same model', async () => {
    const [data, validation] = [rowsFor(label, 2500, 4), rowsFor(label, 1500, 5)];
    const options = { train: data, validation, parameters: parameters({ ...given, ...sampled, num_round: '60', eta: '0.5', early_stopping_rounds: '4' }), threads: 2 };
    const checkpoints: Uint8Array[] = [];
    const rounds: Round[] = [];
    const whole = await train({
      ...options,
      onRound: (round, checkpoint) => {
        rounds.push(round);
        checkpoints.push(writeUbjson(checkpoint()));
      },
    });
    expect(rounds.length).toBeLessThan(60);
    for (const done of [1, 4, rounds.length - 1, rounds.length]) {
      const again: Round[] = [];
      const booster = await train({ ...options, resumeFrom: readBooster(checkpoints[done - 1]!), onRound: (round) => again.push(round) });
      expect(Buffer.compare(writeUbjson(booster), writeUbjson(whole))).toBe(0);
      expect(again).toEqual(rounds.slice(done));
    }
  });
});

describe('what a round reports', () => {
  /** The metrics of the last round, by name. */
  async function lastMetrics(data: LabelledMatrix, given: Record<string, string>): Promise<{ value: (metric: string) => number; prediction: Float32Array }> {
    let last: Round | undefined;
    const booster = await train({ train: data, parameters: parameters(given), onRound: (round) => { last = round; } });
    return { value: (name) => last!.metrics.find(({ metric }) => metric === name)!.value, prediction: predict(booster, data) };
  }
  const mean = (values: Float32Array, of: (value: number, row: number) => number): number => values.reduce((sum, value, row) => sum + of(value, row), 0) / values.length;

  it('of several classes', async () => {
    const { given, label } = objectiveCases[1];
    const data = rowsFor(label, 5000, 11);
    const { value, prediction } = await lastMetrics(data, { ...given, eval_metric: 'merror,mlogloss' });
    const chosen = data.label.map((_, row) => [0, 1, 2].reduce((best, k) => (prediction[row * 3 + k]! > prediction[row * 3 + best]! ? k : best), 0));
    expect(value('merror')).toBeCloseTo(mean(chosen, (k, row) => Number(k !== data.label[row])), 9);
    expect(value('mlogloss')).toBeCloseTo(mean(data.label, (k, row) => -Math.log(prediction[row * 3 + k]!)), 6);
    expect(value('merror')).toBeLessThan(0.4);
  });

  it.each([objectiveCases[2], objectiveCases[3]])('of $objective', async ({ given, label }) => {
    const data = rowsFor(label, 5000, 12);
    const counts = given.objective === 'count:poisson';
    const { value, prediction } = await lastMetrics(data, { ...given, eval_metric: counts ? 'poisson-nloglik,mae,rmse' : 'mae,rmse' });
    expect(value('rmse')).toBeCloseTo(Math.sqrt(mean(prediction, (p, row) => (p - data.label[row]!) ** 2)), 5);
    expect(value('mae')).toBeCloseTo(mean(prediction, (p, row) => Math.abs(p - data.label[row]!)), 5);
    if (counts) expect(value('poisson-nloglik')).toBeCloseTo(mean(prediction, (p, row) => p - data.label[row]! * Math.log(p) + logGamma(data.label[row]! + 1)), 5);
  });
});

describe('what an objective refuses', () => {
  const data = (...label: number[]): LabelledMatrix => ({ rows: label.length, columns: [Float32Array.from(label, (_, row) => row)], names: ['x'], label: Float32Array.from(label) });

  it.each([
    [{ objective: 'multi:softprob', num_class: '3' }, data(0, 2, 3), 'The label of row 2 of the train data is 3, expected a whole number from 0 to 2 (num_class is 3) for multi:softprob'],
    [{ objective: 'multi:softprob', num_class: '3' }, data(0, 0.5), 'row 1 of the train data is 0.5'],
    [{ objective: 'reg:squarederror' }, data(1, Number.NaN), 'row 1 of the train data is NaN, expected a finite number'],
    [{ objective: 'count:poisson' }, data(1, -1), 'row 1 of the train data is -1, expected a finite number of at least 0'],
    [{ objective: 'count:poisson', base_score: '0' }, data(1, 2), "'base_score' is 0, expected a mean count greater than 0"],
    [{ objective: 'reg:squarederror', eval_metric: 'mlogloss' }, data(1, 2), "'eval_metric' names \"mlogloss\", expected rmse or mae for reg:squarederror"],
    [{ objective: 'multi:softprob', num_class: '3', eval_metric: 'auc' }, data(1, 2), 'expected mlogloss or merror'],
    [{ objective: 'reg:squarederror', monotone_constraints: '(1,-1)' }, data(1, 2), "'monotone_constraints' has 2 signs, expected at most one for each of the 1 features"],
    [{ objective: 'reg:squarederror', num_class: '3' }, data(1, 2), "'num_class' is 3, expected none for reg:squarederror"],
  ] as const)('%o', async (given, matrix, message) => {
    await expect(train({ train: matrix, parameters: parameters(given) })).rejects.toThrow(message);
  });

  it('steps that run away', async () => {
    const given = parameters({ objective: 'count:poisson', max_delta_step: '0', lambda: '0', eta: '1', min_child_weight: '0', base_score: '1e-9', num_round: '50' });
    await expect(train({ train: data(1e30, 0, 1e30), parameters: given })).rejects.toThrow(/The training diverges: in round \d+/);
  });

  it('another training to go on from', async () => {
    const { given, label } = objectiveCases[2];
    const own = rowsFor(label, 500, 20);
    const booster = await train({ train: own, parameters: parameters(given) });
    const resume = (extra: Record<string, string>, matrix = own): Promise<unknown> => train({ train: matrix, parameters: parameters({ ...given, num_round: '20', ...extra }), resumeFrom: booster });
    await expect(resume({ objective: 'count:poisson' })).rejects.toThrow('has the objective reg:squarederror, expected count:poisson: remove the checkpoint to start anew');
    await expect(resume({ base_score: '1' })).rejects.toThrow('has the base_score 12.5, expected 1');
    await expect(resume({}, { ...own, columns: own.columns.slice(1), names: own.names.slice(1) })).rejects.toThrow('has the number of features 4, expected 3');
    await expect(resume({}, rowsFor(label, 500, 21))).rejects.toThrow('which is no cut of this training data');
  });
});

it('takes 0.7 as the max_delta_step of counts, as XGBoost does, and 0 of all else', async () => {
  const { given, label } = objectiveCases[3];
  const booster = await train({ train: rowsFor(label, 200, 30), parameters: parameters({ ...given, num_round: '1' }) });
  expect(booster.objectiveParameters).toEqual({ poisson_regression_param: { max_delta_step: '0.699999988' } });
  expect(parameters({ ...given, max_delta_step: '0' }).maxDeltaStep).toBe(0);
  expect(parameters({ objective: 'reg:squarederror' }).maxDeltaStep).toBe(0);
});

describe.each([objectiveCases[0], objectiveCases[2], objectiveCases[3]])('monotone_constraints: $objective', ({ given, label }) => {
  const data = rowsFor(label, 2000, 70);
  const options = { train: data, parameters: parameters({ ...given, monotone_constraints: '(-1,0,1)', max_depth: '6', num_round: '12' }) };

  it('hold for every row, whatever else it has', async () => {
    const booster = await train(options);
    for (const [feature, sign, values] of [[0, -1, [-1, 3, 8, 12, 17, 23, 30]], [2, 1, [-0.6, -0.4, -0.1, 0, 0.2, 0.5, 0.9]]] as const) {
      const predicted = values.map((value) => predict(booster, { ...data, columns: data.columns.with(feature, new Float32Array(data.rows).fill(value)) }));
      for (let row = 0; row < data.rows; row++) {
        for (let step = 1; step < values.length; step++) expect((predicted[step]![row]! - predicted[step - 1]![row]!) * sign).toBeGreaterThanOrEqual(0);
      }
      expect(predicted.at(-1)).not.toEqual(predicted[0]);
    }
  });

  it('survive a checkpoint', async () => {
    let checkpoint: Uint8Array | undefined;
    const whole = await train({ ...options, onRound: ({ round }, at) => { if (round === 6) checkpoint = writeUbjson(at()); } });
    expect(writeJson(await train({ ...options, resumeFrom: readBooster(checkpoint!) }))).toBe(writeJson(whole));
  });
});

it('has a perfect fit to learn nothing more from', async () => {
  const matrix = { rows: 4, columns: [Float32Array.of(1, 2, 3, 4)], names: ['x'], label: Float32Array.of(2, 2, 2, 2) };
  const booster = await train({ train: matrix, parameters: parameters({ objective: 'reg:squarederror', base_score: '2', num_round: '2' }) });
  expect([...predict(booster, matrix)]).toEqual([2, 2, 2, 2]);
});

it('takes the logarithm of the gamma function', () => {
  let logFactorial = 0;
  for (let n = 1; n < 170; n++) {
    expect(Math.abs(logGamma(n) - logFactorial)).toBeLessThan(1e-12 * Math.max(1, logFactorial));
    logFactorial += Math.log(n);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
});
