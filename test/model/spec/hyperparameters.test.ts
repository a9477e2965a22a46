import { describe, expect, it } from 'vitest';
import { ineffectiveHyperparameters, parseHyperparameters } from '../../../model/spec/hyperparameter-parser.ts';
import { evaluationMetrics, hyperparameterAliases, hyperparameters } from '../../../model/spec/hyperparameters.ts';

const required = { num_round: '10' };

describe('hyperparameters', () => {
  it("have the image's defaults where they are not given", () => {
    expect(parseHyperparameters(required).parameters).toEqual({
      numRound: 10, objective: 'reg:squarederror', maxDepth: 6, eta: 0.3, gamma: 0, minChildWeight: 1, maxDeltaStep: 0, monotoneConstraints: [], subsample: 1, colsampleBytree: 1, colsampleBylevel: 1,
      colsampleBynode: 1, lambda: 1, alpha: 0, scalePosWeight: 1, maxBin: 256, baseScore: 0.5, seed: 0, evalMetric: [], given: required,
    });
  });

  it('are typed as given, by their own names or their aliases', () => {
    const { parameters } = parseHyperparameters({
      num_round: '3', learning_rate: '0.1', reg_lambda: '2', reg_alpha: '1', min_split_loss: '0.5', eval_metric: 'auc, error@0.7', early_stopping_rounds: '5', seed: '-7', nthread: '2', objective: 'binary:logistic',
    });
    expect(parameters).toMatchObject({ eta: 0.1, lambda: 2, alpha: 1, gamma: 0.5, evalMetric: ['auc', 'error@0.7'], earlyStoppingRounds: 5, seed: -7, nthread: 2 });
  });

  it('fail all at once, with name, value and bound', () => {
    const { errors } = parseHyperparameters({ eta: '1.5', subsample: '0', max_depth: '2.5', booster: 'tree', eval_metric: 'auk', depth: '3', reg_lambda: '1', lambda: '2', gamma: '' });
    expect(errors.map((error) => error.message)).toEqual([
      `Hyperparameter 'eta' is "1.5", expected a number at least 0 and at most 1.`,
      `Hyperparameter 'subsample' is "0", expected a number greater than 0 and at most 1.`,
      `Hyperparameter 'max_depth' is "2.5", expected a whole number at least 0.`,
      `Hyperparameter 'booster' is "tree", expected one of gbtree, gblinear, dart.`,
      `Hyperparameter 'eval_metric' is "auk", expected a comma-separated list of ${evaluationMetrics.join(', ')}.`,
      `Hyperparameter 'depth' is "3", expected a hyperparameter of SageMaker's built-in XGBoost.`,
      `Hyperparameter 'lambda' is "2", expected 'lambda' under one name only.`,
      `Hyperparameter 'gamma' is "", expected a number at least 0.`,
      `Hyperparameter 'num_round' is missing, expected a whole number of rounds, at least 1.`,
    ]);
  });

  it('ask for num_class where the objective has classes', () => {
    expect(parseHyperparameters({ ...required, objective: 'multi:softprob' }).errors.map((error) => error.name)).toEqual(['num_class']);
    expect(parseHyperparameters({ ...required, objective: 'multi:softprob', num_class: '3' }).errors).toEqual([]);
  });

  it('warn of early stopping that the image ignores', () => {
    const warnings = (given: Record<string, string>, validation: boolean): number => ineffectiveHyperparameters(parseHyperparameters({ ...required, ...given }).parameters!, validation).length;
    expect(warnings({}, false)).toBe(0);
    expect(warnings({ early_stopping_rounds: '5' }, false)).toBe(2);
    expect(warnings({ early_stopping_rounds: '5' }, true)).toBe(1);
    expect(warnings({ early_stopping_rounds: '5', eval_metric: 'auc' }, true)).toBe(0);
  });

  it('warn of a weight that counts and classes do not have', () => {
    const warnings = (given: Record<string, string>): string[] => ineffectiveHyperparameters(parseHyperparameters({ ...required, ...given }).parameters!, true);
    expect(warnings({ objective: 'count:poisson', scale_pos_weight: '2' })).toEqual(["Hyperparameter 'scale_pos_weight' has no effect with the objective count:poisson: leave it out."]);
    expect(warnings({ objective: 'multi:softprob', num_class: '3', scale_pos_weight: '2' })).toHaveLength(1);
    expect(warnings({ objective: 'reg:squarederror', scale_pos_weight: '2' })).toEqual([]);
  });

  it('take a sign for each feature that is constrained', () => {
    const signs = (text: string): readonly number[] | undefined => parseHyperparameters({ ...required, monotone_constraints: text }).parameters?.monotoneConstraints;
    expect(signs('(1,0,-1)')).toEqual([1, 0, -1]);
    expect(signs('( 1, -1 )')).toEqual([1, -1]);
    expect(signs('(1,)')).toEqual([1]);
    for (const wrong of ['1,0', '(2)', '()', '(1 0)', '(1,,0)', '(up)']) expect(signs(wrong)).toBeUndefined();
    expect(parseHyperparameters({ ...required, monotone_constraints: '(2)' }).errors?.[0]?.message).toBe("Hyperparameter 'monotone_constraints' is \"(2)\", expected a sign for each feature, such as (1,0,-1).");
  });

  it('know no name by accident', () => {
    expect(parseHyperparameters({ ...required, constructor: '1', __proto__x: '1' }).errors).toHaveLength(2);
  });

  it('have defaults within their own bounds, and aliases of names that exist', () => {
    for (const [name, definition] of Object.entries(hyperparameters)) {
      if (definition.default === undefined) continue;
      expect(parseHyperparameters({ ...required, [name]: definition.default }).errors, name).toEqual([]);
    }
    expect(Object.values(hyperparameterAliases).every((name) => Object.hasOwn(hyperparameters, name))).toBe(true);
  });
});
