import { describe, expect, it } from 'vitest';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import { ModelFormatError, UnsupportedModelError } from '../../../model/xgboost/errors.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { predictMargin } from '../../../model/xgboost/predict.ts';
import { writeJson, writeUbjson } from '../../../model/xgboost/write.ts';
import { fixture, fixtureFile, largestDifference } from './fixtures.ts';
import type { FixtureName } from './fixtures.ts';

describe('what Slipway does not score', () => {
  it.each([
    ['refused-binary.deprecated', 'deprecated binary format (the file starts with "binf")', 'image 3.0-5'],
    ['refused-linear.json', 'the booster "gblinear"', 'booster=gbtree'],
    ['refused-categorical.ubj', 'categorical', 'Encode categories before training'],
  ])('%s is refused by name, with the way out', (file, feature, fix) => {
    const reading = () => readBooster(fixtureFile(file));
    expect(reading).toThrow(UnsupportedModelError);
    expect(reading).toThrow(feature);
    expect(reading).toThrow(fix);
  });

  it.each([
    ['several targets', 'learner.learner_model_param.num_target', '2', 'several targets (num_target)'],
    ['forests', 'learner.gradient_booster.model.gbtree_model_param.num_parallel_tree', '4', 'num_parallel_tree above 1'],
    ['vector leaves', 'learner.gradient_booster.model.trees.0.tree_param.size_leaf_vector', '3', 'size_leaf_vector above 1'],
    ['categorical splits', 'learner.gradient_booster.model.trees.2.split_type.0', 1, 'categorical splits (learner.gradient_booster.model.trees[2])'],
    ['old formats', 'version', [1, 2, 0], 'the format of XGBoost 1.2.0'],
    ['categories of 3.1', 'learner.gradient_booster.model.cats', { enc: [{}] }, 'cats.enc'],
  ])('%s', (_, place, value, message) => {
    const reading = () => readBooster(changed(place, value));
    expect(reading).toThrow(UnsupportedModelError);
    expect(reading).toThrow(message);
  });
});

describe('a broken document', () => {
  const model = 'learner.gradient_booster.model';
  it.each([
    ['learner', undefined, 'at the document: found an object with version, expected a field "learner"'],
    ['learner', 3, 'at learner: found 3, expected an object'],
    ['version', [1, 7], 'at version: found 2 elements, expected 3'],
    ['learner.objective.name', 7, 'at learner.objective.name: found 7, expected a string'],
    ['learner.learner_model_param.base_score', 'half', 'at learner.learner_model_param.base_score: found "half", expected a number as text'],
    ['learner.learner_model_param.num_feature', '-1', 'num_feature: found "-1", expected an integer of at least 0, as text'],
    ['learner.feature_names', ['a'], 'at learner.feature_names: found 1 elements, expected none, or one for each of the 5 features'],
    ['learner.gradient_booster.weight_drop', [1, 0.7], 'at learner.gradient_booster.weight_drop: found 2 elements, expected one for each of the 8 trees'],
    [`${model}.gbtree_model_param.num_trees`, '9', `at ${model}.gbtree_model_param.num_trees: found "9", expected "8", the number of trees`],
    [`${model}.tree_info.3`, 1, `at ${model}.tree_info[3]: found 1, expected an integer from 0 to 0`],
    [`${model}.trees.1.split_conditions`, [1], `at ${model}.trees[1].split_conditions: found 1 elements, expected`],
    [`${model}.trees.1.split_conditions.2`, 'much', `at ${model}.trees[1].split_conditions[2]: found "much", expected a number`],
    [`${model}.trees.1.split_conditions.0`, 'NaN', `at ${model}.trees[1].split_conditions: found NaN in node 0, expected a threshold`],
    [`${model}.trees.0.split_indices.0`, 5, `at ${model}.trees[0].split_indices: found feature 5 in node 0, expected one of the model's 5 features`],
    [`${model}.trees.0.left_children.0`, 1000, `at ${model}.trees[0].left_children[0]: found 1000, expected an integer from -1`],
    [`${model}.trees.0.left_children.0`, 2, `at ${model}.trees[0].right_children: found node 2 as a child of node 0, expected each node on one way`],
    [`${model}.trees.0.left_children.1`, 0, `at ${model}.trees[0].left_children: found node 0 as a child of node 1, expected each node on one way`],
    [`${model}.trees.0.right_children.0`, -1, `at ${model}.trees[0].right_children: found no child in node 0, expected both children`],
    [`${model}.trees.0.parents.1`, 3, `at ${model}.trees[0].parents: found 3 in node 1, expected 0, whose child it is`],
    [`${model}.trees.0.default_left.0`, 2, `at ${model}.trees[0].default_left[0]: found 2, expected an integer from 0 to 1`],
  ])('%s = %j names the place', (place, value, message) => {
    const reading = () => readBooster(changed(place, value));
    expect(reading).toThrow(ModelFormatError);
    expect(reading).toThrow(message);
  });
});

describe('a file that is no model', () => {
  it.each([
    ['', 'an empty file'],
    ['PAR1....', 'bytes 504152312e2e2e2e'],
    ['{"learner": ', 'the JSON text'],
    ['{}', 'at the document: found an empty object, expected a field "version"'],
  ])('%j', (text, message) => {
    const reading = () => readBooster(new TextEncoder().encode(text));
    expect(reading).toThrow(ModelFormatError);
    expect(reading).toThrow(message);
  });

  it('is told at each length at which a UBJSON file may be cut', () => {
    const { ubjson } = fixture('binary-stump');
    for (let length = 1; length < ubjson.length; length++) {
      expect(() => readBooster(ubjson.subarray(0, length)), `cut at ${length}`).toThrow(ModelFormatError);
    }
  });
});

it('takes what 3.1 and newer add and leave empty', () => {
  const booster = readBooster(changed('version', [1, 7, 4]));
  expect(readBooster(changed('learner.gradient_booster.weight_drop', []))).toEqual(booster);
  expect(readBooster(changed('learner.gradient_booster.weight_drop', [1, 1, 1, 1, 1, 1, 1, 1]))).toEqual(booster);
  expect(readBooster(changed('learner.gradient_booster.model.cats', { enc: [], feature_segments: [], sorted_idx: [] }))).toEqual(booster);
});

it('reads the DART of 3.4, which calls itself gbtree, as that of 1.7', () => {
  const document = JSON.parse(new TextDecoder().decode(fixture('binary-dart').json));
  const { gbtree, weight_drop } = document.learner.gradient_booster;
  document.learner.gradient_booster = { ...gbtree, weight_drop };
  expect(readBooster(new TextEncoder().encode(JSON.stringify(document)))).toEqual(readBooster(fixture('binary-dart').json));
});

describe('the base score of 3.1 and newer', () => {
  const scored = (name: FixtureName, base_score: string, version = [3, 1, 0]): Uint8Array => {
    const document = JSON.parse(new TextDecoder().decode(fixture(name).json));
    document.version = version;
    document.learner.learner_model_param.base_score = base_score;
    return new TextEncoder().encode(JSON.stringify(document));
  };

  it('is read from its list', () => {
    expect(readBooster(scored('binary-missing', '[3E-1]')).baseScore).toBe(Math.fround(0.3));
    expect(readBooster(scored('multi-softprob', '[5E-1,5E-1,5E-1]'))).toMatchObject({ baseScore: 0.5 });
    expect(readBooster(scored('multi-softprob', '[5E-1,5E-1,5E-1]'))).not.toHaveProperty('classMargins');
  });

  it.each([[[3, 1, 0]], [[3, 4, 2]]])('is a margin for each class: %j', async (version) => {
    const { matrix, margin, values } = fixture('multi-softprob');
    const booster = readBooster(scored('multi-softprob', '[-2.5E-1,1.25E0,-1E0]', version));
    expect(booster.classMargins).toEqual([-0.25, 1.25, -1]);
    // XGBoost's own margins, which stand on 0.5 for each class.
    const expected = margin.map((value, at) => value - 0.5 + [-0.25, 1.25, -1][at % 3]!);
    expect(largestDifference(predictMargin(booster, matrix), expected)).toBeLessThanOrEqual(1e-6);
    const model = await OnnxModel.load(toOnnx(booster));
    const { values: found } = await model.runAll({ features: values }, matrix.rows);
    await model.close();
    const powers = expected.map(Math.exp);
    const sum = (row: number): number => powers[row * 3]! + powers[row * 3 + 1]! + powers[row * 3 + 2]!;
    expect(largestDifference(found, powers.map((power, at) => power / sum(Math.floor(at / 3))))).toBeLessThanOrEqual(1e-5);
    expect(readBooster(new TextEncoder().encode(writeJson(booster)))).toEqual(booster);
    expect(readBooster(writeUbjson(booster))).toEqual(booster);
  });

  it('is refused where it is not certain what it means', () => {
    const refused = (name: FixtureName, score: string, version?: number[]) => () => readBooster(scored(name, score, version));
    expect(refused('multi-softprob', '[1E-1,2E-1,7E-1]', [3, 5, 0])).toThrow('a base_score for each class ([1E-1,2E-1,7E-1]) of XGBoost 3.5.0');
    expect(refused('multi-softprob', '[1E-1,2E-1]')).toThrow('base_score: found 2 values ([1E-1,2E-1]), expected 1, or one for each of the 3 outputs');
    expect(refused('binary-missing', '[5E-1,1E-1]')).toThrow('base_score: found 2 values ([5E-1,1E-1]), expected 1, or one for each of the 1 outputs');
  });
});

it('reads the bare words for floats that are no numbers', () => {
  const text = new TextDecoder().decode(fixture('binary-stump').json).replace(/"sum_hessian":\[[^\]]*\]/, '"sum_hessian":[Infinity]').replace(/"loss_changes":\[[^\]]*\]/, '"loss_changes":[NaN]');
  const tree = readBooster(new TextEncoder().encode(text)).trees[0]!;
  expect([tree.sumHessian[0], tree.lossChanges[0]]).toEqual([Infinity, Number.NaN]);
});

/** XGBoost's JSON of binary-missing with one place changed (or taken out). */
function changed(place: string, value: unknown): Uint8Array {
  const document = JSON.parse(new TextDecoder().decode(fixture('binary-missing').json));
  const keys = place.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((object, key) => object[key], document);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return new TextEncoder().encode(JSON.stringify(document));
}
