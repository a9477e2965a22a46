import { describe, expect, it } from 'vitest';
import { parseModelDescription } from '../../../model/serving/description.ts';
import type { ModelDescription } from '../../../model/serving/description.ts';

const description: ModelDescription = {
  version: 1,
  name: 'flights',
  schema: { columns: [], label: { column: 'y', kind: 'binary', name: 'y' } },
  features: [],
  task: 'binary',
  objective: 'binary:logistic',
  trainer: 'test 1.0',
  trainedAt: '2026-01-01T00:00:00Z',
  rounds: 3,
  graph: { inputs: [], outputs: [] },
};

describe('parseModelDescription', () => {
  it('reads what was written', () => {
    expect(parseModelDescription(JSON.stringify(description))).toEqual(description);
  });

  it('reads a file from before there were tasks', () => {
    expect(parseModelDescription(JSON.stringify({ ...description, task: undefined }))).toEqual(description);
  });

  const schema = { columns: [], label: { column: 'y', kind: 'category', name: 'y' } };

  it('reads classes', () => {
    const several = { ...description, schema, task: 'multiclass', classes: ['a', 'b', 'c'] };
    expect(parseModelDescription(JSON.stringify(several))).toEqual(several);
  });

  it.each([
    ['null', /model.json is null, expected an object/],
    [JSON.stringify({ ...description, version: 2 }), /version is 2, expected 1/],
    [JSON.stringify({ ...description, features: {} }), /features is object, expected array/],
    [JSON.stringify({ ...description, trainer: undefined }), /trainer is undefined, expected string/],
    [JSON.stringify({ ...description, task: 'regression' }), /task is "regression", expected 'binary'/],
    [JSON.stringify({ ...description, schema, task: 'multiclass' }), /classes is undefined, expected at least two different texts/],
    [JSON.stringify({ ...description, schema, task: 'multiclass', classes: ['a', 'a'] }), /classes is \["a","a"\]/],
  ])('names what is wrong in %s', (json, message) => {
    expect(() => parseModelDescription(json)).toThrow(message);
  });
});
