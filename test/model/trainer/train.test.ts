import { describe, expect, it } from 'vitest';
import { auc } from '../../../model/metrics/auc.ts';
import { logLoss } from '../../../model/metrics/log-loss.ts';
import type { Round } from '../../../model/trainer/train.ts';
import { train, trainerName } from '../../../model/trainer/train.ts';
import { writeJson } from '../../../model/xgboost/write.ts';
import { predict } from '../../../model/xgboost/predict.ts';
import { noisyRows, parameters } from './data.ts';

const sampled = { subsample: '0.7', colsample_bytree: '0.8', colsample_bylevel: '0.8', colsample_bynode: '0.8' };

describe('a trained booster', () => {
  it('is the same for any number of threads', async () => {
    const data = noisyRows(30_000, 1);
    const validation = noisyRows(9000, 2);
    const given = parameters({ ...sampled, eval_metric: 'auc,error,logloss', early_stopping_rounds: '5', num_round: '12' });
    const lines: Round[][] = [];
    const models: string[] = [];
    for (const threads of [1, 2, 4]) {
      const rounds: Round[] = [];
      models.push(writeJson(await train({ train: data, validation, parameters: given, threads, onRound: (round) => rounds.push(round) })));
      lines.push(rounds);
    }
    expect(models[1]).toBe(models[0]);
    expect(models[2]).toBe(models[0]);
    expect(lines[1]).toEqual(lines[0]);
    expect(lines[2]).toEqual(lines[0]);
  });

  it('depends on the seed where rows or features are drawn, and on nothing else', async () => {
    const data = noisyRows(3000, 3);
    const model = async (given: Record<string, string>): Promise<string> => writeJson(await train({ train: data, parameters: parameters(given) }));
    expect(await model({ ...sampled, seed: '1' })).toBe(await model({ ...sampled, seed: '1' }));
    expect(await model({ ...sampled, seed: '1' })).not.toBe(await model({ ...sampled, seed: '2' }));
    expect(await model({ seed: '1' })).toBe(await model({ seed: '2' }));
  });

  it.each([
    ['max_depth', '2'], ['eta', '0.1'], ['gamma', '5'], ['min_child_weight', '50'], ['max_delta_step', '0.2'], ['subsample', '0.5'], ['colsample_bytree', '0.5'], ['colsample_bylevel', '0.5'],
    ['colsample_bynode', '0.5'], ['lambda', '20'], ['alpha', '5'], ['scale_pos_weight', '3'], ['max_bin', '8'], ['base_score', '0.2'], ['num_round', '3'],
  ])('is another one with %s %s', async (name, value) => {
    const data = noisyRows(1000, 12);
    const trees = async (given: Record<string, string>): Promise<unknown> => (await train({ train: data, parameters: parameters(given) })).trees.map((tree) => [[...tree.splitIndices], [...tree.splitConditions]]);
    expect(await trees({ [name]: value })).not.toEqual(await trees({}));
  });

  it('says who trained it and carries what XGBoost writes for binary:logistic', async () => {
    const booster = await train({ train: noisyRows(500, 4), parameters: parameters({ scale_pos_weight: '2.5', base_score: '0.3' }) });
    expect(booster).toMatchObject({
      objective: 'binary:logistic', objectiveParameters: { reg_loss_param: { scale_pos_weight: '2.5' } }, baseScore: 0.3, numFeatures: 4, numClass: 0,
      featureNames: ['hour', 'distance', 'score', 'constant'], attributes: { trainer: trainerName },
    });
    expect(booster.trees).toHaveLength(10);
  });

  it('reports each round what its predictions show', async () => {
    const [data, validation] = [noisyRows(5000, 5), noisyRows(6000, 6)];
    const rounds: Round[] = [];
    const booster = await train({ train: data, validation, parameters: parameters({ eval_metric: 'auc,error,error@0.3,logloss' }), onRound: (round) => rounds.push(round) });
    const last = rounds.at(-1)!;
    expect(last.round).toBe(9);
    for (const [name, part] of [['train', data], ['validation', validation]] as const) {
      const found = predict(booster, part);
      const value = (metric: string): number => last.metrics.find((entry) => entry.data === name && entry.metric === metric)!.value;
      const wrong = (threshold: number): number => found.filter((p, row) => (p > threshold) !== (part.label[row] === 1)).length / part.rows;
      expect(value('auc')).toBeCloseTo(auc(part.label, found), 6);
      expect(value('logloss')).toBeCloseTo(logLoss(part.label, found), 6);
      expect(value('error')).toBeCloseTo(wrong(0.5), 6);
      expect(value('error@0.3')).toBeCloseTo(wrong(0.3), 6);
    }
  });

  it('splits as finely as max_bin says, also past a byte', async () => {
    const data = noisyRows(4000, 7, 0);
    const fine = await train({ train: data, parameters: parameters({ max_bin: '4096', max_depth: '8', num_round: '20' }) });
    const coarse = await train({ train: data, parameters: parameters({ max_bin: '2', max_depth: '8', num_round: '20' }) });
    const thresholds = (booster: typeof fine): number =>
      new Set(booster.trees.flatMap((tree) => [...tree.splitConditions].filter((_, node) => tree.leftChildren[node] !== -1 && tree.splitIndices[node] === 1))).size;
    expect(thresholds(fine)).toBeGreaterThan(256);
    expect(thresholds(coarse)).toBe(1);
  });

  it('is a single leaf where no split is worth it', async () => {
    const data = { rows: 4, columns: [Float32Array.of(1, 1, 1, 1)], names: ['x'], label: Float32Array.of(0, 1, 0, 1) };
    const booster = await train({ train: data, parameters: parameters({ num_round: '1' }) });
    expect([...booster.trees[0]!.leftChildren]).toEqual([-1]);
  });
});

describe('early stopping', () => {
  it('stops when the last metric of the validation data gets no better, and keeps the trees up to the best round', async () => {
    const [data, validation] = [noisyRows(2000, 8), noisyRows(2000, 9)];
    const rounds: Round[] = [];
    const given = parameters({ num_round: '200', eta: '0.6', early_stopping_rounds: '7', eval_metric: 'logloss,auc' });
    const booster = await train({ train: data, validation, parameters: given, onRound: (round) => rounds.push(round) });
    const scores = rounds.map((round) => round.metrics.find((entry) => entry.data === 'validation' && entry.metric === 'auc')!.value);
    const best = scores.indexOf(Math.max(...scores));
    expect(rounds).toHaveLength(best + 8);
    expect(booster.trees).toHaveLength(best + 1);
    expect(booster.attributes).toMatchObject({ best_iteration: String(best), best_score: String(scores[best]) });
    expect(auc(validation.label, predict(booster, validation))).toBeCloseTo(scores[best]!, 6);
  });
});

describe('what cannot be trained', () => {
  const data = noisyRows(100, 10);

  it('names every hyperparameter that only the image implements', async () => {
    const given = parameters({ booster: 'dart', tree_method: 'exact', interaction_constraints: '[[0,1]]', eval_metric: 'rmse', base_score: '1' });
    await expect(train({ train: data, parameters: given })).rejects.toThrow(/booster[^]*tree_method[^]*interaction_constraints[^]*rmse[^]*base_score/);
    await expect(train({ train: data, parameters: parameters({ objective: 'reg:gamma', num_class: '3' }) })).rejects.toThrow(/'objective' is "reg:gamma", expected binary:logistic, multi:softprob, reg:squarederror, count:poisson[^]*'num_class' is 3/);
  });

  it('names what is wrong with the data', async () => {
    const wrong = { ...data, label: data.label.map((label, row) => (row === 3 ? 2 : label)) };
    await expect(train({ train: wrong, parameters: parameters() })).rejects.toThrow('The label of row 3 of the train data is 2');
    const infinite = { ...data, columns: data.columns.map((column, index) => (index === 1 ? column.map((value, row) => (row === 5 ? Infinity : value)) : column)) };
    await expect(train({ train: infinite, parameters: parameters() })).rejects.toThrow("Feature 'distance', row 5: found Infinity");
    await expect(train({ train: data, validation: { ...data, names: ['a', 'b', 'c', 'd'] }, parameters: parameters() })).rejects.toThrow('expected those of the train data: hour');
    await expect(train({ train: data, parameters: parameters({ early_stopping_rounds: '3' }) })).rejects.toThrow("needs validation data");
    await expect(train({ train: noisyRows(0, 1), parameters: parameters() })).rejects.toThrow('The train data has no rows');
  });

  it('ends after a round once the signal is given', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const training = train({
      train: noisyRows(30_000, 11), parameters: parameters(), threads: 2, signal: abort.signal,
      onRound: ({ round }) => {
        seen.push(round);
        if (round === 2) abort.abort(new Error('stopped by the user'));
      },
    });
    await expect(training).rejects.toThrow('stopped by the user');
    expect(seen).toEqual([0, 1, 2]);
  });
});
