import { readBaseScore } from './base-score.ts';
import type { Booster } from './booster.ts';
import { Cursor } from './cursor.ts';
import { readTreeBooster, scaleLeaves } from './dart.ts';
import type { TreeBooster } from './dart.ts';
import type { DocumentValue } from './document.ts';
import { ModelFormatError, UnsupportedModelError } from './errors.ts';
import { decodeJson } from './json.ts';
import { encodeFirst, readTree } from './read-tree.ts';
import { decodeUbjson } from './ubjson.ts';

/**
 * Reads what XGBoost 1.7 to 3.x saves: UBJSON or JSON, told apart by their first bytes.
 * Throws an UnsupportedModelError for what Slipway cannot score (linear boosters, categorical splits, the deprecated binary
 * format, ..) and a ModelFormatError that names the place for a file that is broken.
 */
export function readBooster(bytes: Uint8Array): Booster {
  return boosterOf(new Cursor(decode(bytes)));
}

function decode(bytes: Uint8Array): DocumentValue {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('latin1');
  if (start.startsWith('binf') || start.startsWith('bs64')) {
    throw new UnsupportedModelError(
      `XGBoost's deprecated binary format (the file starts with "${start.slice(0, 4)}")`,
      'Train with SageMaker\'s image 3.0-5 or newer, which saves UBJSON, or save it anew with XGBoost 1.7 to 3.0: Booster.load_model, then save_model("model.ubj").',
    );
  }
  // UBJSON's first key has a length marker behind the brace, JSON's a quote (after white space).
  if (/^\{[LlIiU$#N]/.test(start)) return decodeUbjson(bytes);
  if (/^\s*\{\s*["}]/.test(start)) return decodeJson(new TextDecoder().decode(bytes));
  const found = bytes.length === 0 ? 'an empty file' : `bytes ${Buffer.from(bytes.subarray(0, 8)).toString('hex')}`;
  throw new ModelFormatError('byte 0', found, 'a model that XGBoost saved as UBJSON or JSON');
}

function boosterOf(document: Cursor): Booster {
  const version = readVersion(document.field('version'));
  const learner = document.field('learner');
  const { model, weights } = readGradientBooster(learner.field('gradient_booster'));
  const parameters = learner.field('learner_model_param');
  if ((parameters.optionalField('num_target')?.count() ?? 1) > 1) {
    throw new UnsupportedModelError('several targets (num_target)', 'Train one model a target.');
  }
  const numFeatures = parameters.field('num_feature').count();
  const numClass = parameters.field('num_class').count();
  const objective = learner.field('objective');
  const trees = model.field('trees').elements();
  const gbtree = model.field('gbtree_model_param');
  expectCount(gbtree.field('num_trees'), trees.length);
  if ((gbtree.optionalField('num_parallel_tree')?.count() ?? 1) > 1) {
    throw new UnsupportedModelError('random forests (num_parallel_tree above 1)', 'Train with num_parallel_tree=1.');
  }
  const name = objective.field('name').string();
  return {
    version,
    objective: name,
    objectiveParameters: readObjectiveParameters(objective),
    ...readBaseScore(parameters.field('base_score'), { objective: name, numClass, version }),
    numFeatures,
    numClass,
    trees: trees.map((tree, index) => scaleLeaves(readTree(tree, numFeatures), weights[index] ?? 1)),
    treeInfo: model.field('tree_info').integers(trees.length, 0, Math.max(1, numClass) - 1),
    featureNames: readNames(learner.optionalField('feature_names'), numFeatures),
    featureTypes: readTypes(learner.optionalField('feature_types'), numFeatures),
    attributes: learner.optionalField('attributes')?.strings() ?? {},
  };
}

function readVersion(version: Cursor): Booster['version'] {
  const [major, minor, patch] = version.integers(3, 0);
  if (major! < 1 || (major === 1 && minor! < 6)) {
    throw new UnsupportedModelError(`the format of XGBoost ${major}.${minor}.${patch}`, 'Save it anew with XGBoost 1.7 or newer.');
  }
  return [major!, minor!, patch!];
}

/** Boosters of trees alone; a linear one has none. */
function readGradientBooster(booster: Cursor): TreeBooster {
  const name = booster.field('name').string();
  if (name !== 'gbtree' && name !== 'dart') throw new UnsupportedModelError(`the booster "${name}"`, 'Train with booster=gbtree.');
  const trees = readTreeBooster(booster);
  const categories = trees.model.optionalField('cats')?.optionalField('enc');
  if (categories !== undefined && categories.elements().length > 0) {
    throw new UnsupportedModelError('categories of its own (cats.enc)', encodeFirst);
  }
  return trees;
}

function readObjectiveParameters(objective: Cursor): Record<string, Record<string, string>> {
  const names = Object.keys(objective.object()).filter((name) => name !== 'name');
  return Object.fromEntries(names.map((name) => [name, objective.field(name).strings()]));
}

/** Empty, or one for each feature. */
function readNames(cursor: Cursor | undefined, numFeatures: number): string[] {
  const names = cursor?.elements().map((element) => element.string()) ?? [];
  if (cursor !== undefined && names.length !== 0 && names.length !== numFeatures) {
    throw cursor.error(`${names.length} elements`, `none, or one for each of the ${numFeatures} features`);
  }
  return names;
}

function readTypes(cursor: Cursor | undefined, numFeatures: number): string[] {
  const types = readNames(cursor, numFeatures);
  const categorical = types.findIndex((type) => type === 'c' || type === 'categorical');
  if (categorical >= 0) throw new UnsupportedModelError(`categorical features (feature ${categorical} is of type "c")`, encodeFirst);
  return types;
}

function expectCount(cursor: Cursor, expected: number): void {
  if (cursor.count() !== expected) throw cursor.unexpected(`"${expected}", the number of trees in the file`);
}
