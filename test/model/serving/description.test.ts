import { describe, expect, it } from 'vitest';
import { parseModelDescription } from '../../../model/serving/description.ts';
import type { ModelDescription } from '../../../model/serving/description.ts';

const description: ModelDescription = {
  version: 1,
  name: 'flights',
  schema: { columns: [], label: { column: 'y', kind: 'binary', name: 'y' } },
  features: [],
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

  it.each([
    ['null', /model.json is null, expected an object/],
    [JSON.stringify({ ...description, version: 2 }), /version is 2, expected 1/],
    [JSON.stringify({ ...description, features: {} }), /features is object, expected array/],
    [JSON.stringify({ ...description, rounds: undefined }), /rounds is undefined, expected number/],
  ])('names what is wrong in %s', (json, message) => {
    expect(() => parseModelDescription(json)).toThrow(message);
  });
});
