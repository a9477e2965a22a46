import { describe, expect, it } from 'vitest';
import { readBooster } from '../../../model/xgboost/read.ts';
import { writeJson, writeUbjson } from '../../../model/xgboost/write.ts';
import { fixture, plainNames } from './fixtures.ts';

describe.each(plainNames)('%s', (name) => {
  const { ubjson, json } = fixture(name);

  it('reads the same from UBJSON and from JSON', () => {
    expect(readBooster(json)).toEqual(readBooster(ubjson));
  });

  it('writes the very bytes that XGBoost wrote', () => {
    const booster = readBooster(ubjson);
    expect(Buffer.compare(writeUbjson(booster), ubjson)).toBe(0);
  });

  it('writes the JSON that XGBoost wrote, field by field and float32 by float32', () => {
    expect(float32Document(writeJson(readBooster(ubjson)))).toEqual(float32Document(new TextDecoder().decode(json)));
  });
});

describe('the format of newer versions', () => {
  const booster = readBooster(fixture('multi-softprob').ubjson);
  const documentFor = (version: [number, number, number]) => JSON.parse(writeJson({ ...booster, version })).learner;

  it('has the rounds from 2.0 on', () => {
    expect(documentFor([1, 7, 6]).gradient_booster.model.iteration_indptr).toBeUndefined();
    expect(documentFor([2, 0, 0]).gradient_booster.model.iteration_indptr).toEqual([0, 3, 6, 9, 12]);
  });

  it('has the base score as a list, one for each class, from 3.1 on', () => {
    expect(documentFor([3, 0, 5]).learner_model_param.base_score).toBe('5E-1');
    expect(documentFor([3, 1, 0]).learner_model_param.base_score).toBe('[5E-1,5E-1,5E-1]');
  });

  it.each([[2, 1, 4], [3, 0, 5], [3, 1, 2]] as const)('%i.%i.%i reads back as it was', (...version) => {
    expect(readBooster(writeUbjson({ ...booster, version }))).toEqual({ ...booster, version });
    expect(readBooster(new TextEncoder().encode(writeJson({ ...booster, version })))).toEqual({ ...booster, version });
  });
});

/** A float32 halfway between two shortest decimals may be spelt as either: the number counts. */
function float32Document(text: string): unknown {
  return JSON.parse(text, (_, value) => (typeof value === 'number' ? Math.fround(value) : value));
}
