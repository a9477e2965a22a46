import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { hyperparameters } from '../../../model/spec/hyperparameters.ts';
import { Algorithm, Column, ConfigurationError, Dataset, DeclarationError, Label } from '../../../lib/index.ts';
import { learning, testApp, testStack } from '../support.ts';

const columns = [Column.string('species'), Column.integer('sold'), Column.boolean('kept')];
const ofClasses = new Dataset({ columns, label: Label.category('species') });
const ofNumber = new Dataset({ columns, label: Label.number('sold') });
const ofTwo = new Dataset({ columns, label: Label.binary('kept') });
const inRegion = (region: string) => new Construct(new Stack(testApp(), 'Stack', { env: { region } }), 'Pipeline');

describe('Algorithm.xgboost', () => {
  it('says what the image would otherwise choose by version', () => {
    expect(Algorithm.xgboost({ numRound: 100 }).bind(testStack(), learning.dataset).hyperParameters).toEqual({
      objective: 'binary:logistic', num_round: '100', base_score: '0.5', eval_metric: 'logloss',
    });
  });

  it.each([
    ['two classes', ofTwo, 'binary:logistic', 'logloss', undefined],
    ['a threshold', learning.dataset, 'binary:logistic', 'logloss', undefined],
    ['several classes', ofClasses, 'multi:softprob', 'mlogloss', 'num_class'],
    ['a number', ofNumber, 'reg:squarederror', 'rmse', undefined],
  ])('takes objective and metric from the label: %s', (_, dataset, objective, metric, classes) => {
    const { hyperParameters, classesHyperParameter } = Algorithm.xgboost({ numRound: 1 }).bind(testStack(), dataset);
    expect(hyperParameters).toMatchObject({ objective, eval_metric: metric });
    expect(hyperParameters).not.toHaveProperty('num_class');
    expect(classesHyperParameter).toBe(classes);
  });

  it('counts by a Poisson distribution where it is asked to', () => {
    const algorithm = Algorithm.xgboost({ numRound: 1, objective: 'count:poisson' });
    expect(algorithm.validate(ofNumber)).toEqual([]);
    expect(algorithm.bind(testStack(), ofNumber).hyperParameters).toMatchObject({ objective: 'count:poisson', eval_metric: 'poisson-nloglik' });
  });

  it('says which objectives fit a label', () => {
    expect(Algorithm.xgboost({ numRound: 1 }).validate(ofClasses)).toEqual([]);
    expect(Algorithm.xgboost({ numRound: 1, objective: 'multi:softprob' }).validate(ofClasses)).toEqual([]);
    expect(Algorithm.xgboost({ numRound: 1, objective: 'reg:squarederror' }).validate(ofClasses)).toEqual([
      "objective is 'reg:squarederror', expected multi:softprob for the label 'species' (multi-class): change the objective, or the label.",
    ]);
    expect(Algorithm.xgboost({ numRound: 1, objective: 'binary:logistic' }).validate(ofNumber)).toEqual([expect.stringContaining('expected reg:squarederror or count:poisson')]);
  });

  it('takes weights from CSV, as the image has it, and only where the dataset has a weight', () => {
    const weighted = new Dataset({ columns, label: Label.category('species'), weight: 'sold' });
    const algorithm = Algorithm.xgboost({ numRound: 1 });
    expect(algorithm.bind(testStack(), weighted)).toMatchObject({ contentType: 'text/csv', hyperParameters: { csv_weights: '1' } });
    const { contentType, hyperParameters } = algorithm.bind(testStack(), ofClasses);
    expect(contentType).toBe('application/x-parquet');
    expect(hyperParameters).not.toHaveProperty('csv_weights');
    expect(() => Algorithm.xgboost({ numRound: 1, additionalHyperParameters: { csv_weights: '1' } })).toThrow(/csv_weights is "1", expected nothing: weights are declared by the dataset/);
  });

  it('refuses a number of classes, which the data tell', () => {
    expect(() => Algorithm.xgboost({ numRound: 1, additionalHyperParameters: { num_class: '3' } })).toThrow(/num_class is "3", expected nothing/);
  });

  it('names each prop as the image does', () => {
    const { hyperParameters } = Algorithm.xgboost({
      objective: 'binary:logistic', numRound: 2, maxDepth: 3, eta: 0.1, gamma: 0.2, minChildWeight: 4, maxDeltaStep: 5, subsample: 0.6, colsampleBytree: 0.7, colsampleBylevel: 0.8,
      colsampleBynode: 0.9, lambda: 1.5, alpha: 0.5, scalePosWeight: 2, maxBin: 64, baseScore: 0.3, seed: 7, earlyStoppingRounds: 5, evalMetric: ['auc', 'logloss'],
      additionalHyperParameters: { tree_method: 'hist' },
    }).bind(testStack(), learning.dataset);
    expect(hyperParameters).toEqual({
      objective: 'binary:logistic', num_round: '2', max_depth: '3', eta: '0.1', gamma: '0.2', min_child_weight: '4', max_delta_step: '5', subsample: '0.6',
      colsample_bytree: '0.7', colsample_bylevel: '0.8', colsample_bynode: '0.9', lambda: '1.5', alpha: '0.5', scale_pos_weight: '2', max_bin: '64',
      base_score: '0.3', seed: '7', early_stopping_rounds: '5', eval_metric: 'auc,logloss', tree_method: 'hist',
    });
    expect(Object.keys(hyperParameters).every((name) => name in hyperparameters)).toBe(true);
  });

  it('refuses everything outside its bounds at once, where it is written', () => {
    expect(() => Algorithm.xgboost({ numRound: 0, eta: 2 })).toThrow(DeclarationError);
    expect(() => Algorithm.xgboost({ numRound: 0, eta: 2 })).toThrow(
      "Algorithm.xgboost: 2 problems\n  - Hyperparameter 'num_round' is \"0\", expected a whole number at least 1.\n  - Hyperparameter 'eta' is \"2\", expected a number at least 0 and at most 1.",
    );
    expect(() => Algorithm.xgboost({ numRound: 0 })).toThrow(/^Algorithm.xgboost: Hyperparameter 'num_round' is "0", expected a whole number at least 1.$/);
    expect(() => Algorithm.xgboost({ numRound: 1, additionalHyperParameters: { max_dept: '3' } })).toThrow(/max_dept/);
  });

  it('refuses an additional hyperparameter that has a prop, also under its other name: one of the two would win in silence', () => {
    expect(() => Algorithm.xgboost({ numRound: 1, maxDepth: 3, additionalHyperParameters: { max_depth: '9' } })).toThrow(
      "Algorithm.xgboost: additionalHyperParameters holds 'max_depth', which has a prop, expected maxDepth: 9.",
    );
    expect(() => Algorithm.xgboost({ numRound: 1, additionalHyperParameters: { learning_rate: '0.1' } })).toThrow(/'learning_rate', which has a prop, expected eta/);
  });

  it('takes the image of the region from the table', () => {
    expect(Algorithm.xgboost({ numRound: 1 }).bind(inRegion('eu-west-1'), learning.dataset).image).toMatch(/^141502667606\.dkr\.ecr\.eu-west-1\..*\/sagemaker-xgboost:3\.0-5$/);
  });

  it('asks for the account where the table does not know the region', () => {
    expect(() => Algorithm.xgboost({ numRound: 1 }).bind(inRegion('mars-north-1'), learning.dataset)).toThrow(ConfigurationError);
    expect(() => Algorithm.xgboost({ numRound: 1 }).bind(inRegion('mars-north-1'), learning.dataset)).toThrow(/mars-north-1\. Pass imageAccount/);
    expect(Algorithm.xgboost({ numRound: 1, imageAccount: '111122223333' }).bind(inRegion('mars-north-1'), learning.dataset).image).toContain('111122223333.dkr.ecr.mars-north-1');
  });

  it('leaves the choice to the template where the region is only known at deployment', () => {
    const stack = new Stack(testApp(), 'Stack');
    const pipeline = new Construct(stack, 'Pipeline');
    const { image } = Algorithm.xgboost({ numRound: 1 }).bind(pipeline, learning.dataset);
    expect(JSON.stringify(stack.resolve(image))).toContain('Fn::FindInMap');
    Algorithm.xgboost({ numRound: 2 }).bind(pipeline, learning.dataset);
    const mappings = Template.fromStack(stack).toJSON()['Mappings'] as Record<string, Record<string, unknown>>;
    expect(Object.keys(mappings)).toHaveLength(1);
    expect(Object.values(mappings)[0]).toMatchObject({ 'us-east-1': { account: '683313688378' }, 'us-west-2': { account: '246618743249' } });
  });
});
