import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../model/serving/answer.ts';

const binary = { name: 'm', task: 'binary' } as const;
const species = { name: 'm', task: 'multiclass', classes: ['Adelie', 'Chinstrap', 'Gentoo'] } as const;
const number = { name: 'm', task: 'regression' } as const;

describe('answerOf', () => {
  it('answers a binary model with its label and both probabilities, whether the graph gives one of them or two', () => {
    const expected = { prediction: 1, probabilities: { '0': 0.25, '1': 0.75 } };
    expect(answerOf(binary, { values: Float32Array.of(0.5, 0.5, 0.25, 0.75), columns: 2 }, 1)).toEqual(expected);
    expect(answerOf(binary, { values: Float32Array.of(0.5, 0.75), columns: 1 }, 1)).toEqual(expected);
    expect(answerOf(binary, { values: Float32Array.of(0.5), columns: 1 }, 0).prediction).toBe(0);
  });

  it('answers a multi-class model with the name of the class and a probability for each', () => {
    const output = { values: Float32Array.of(1, 0, 0, 0.25, 0.25, 0.5), columns: 3 };
    expect(answerOf(species, output, 1)).toEqual({ prediction: 'Gentoo', probabilities: { Adelie: 0.25, Chinstrap: 0.25, Gentoo: 0.5 } });
    expect(answerOf(species, output, 0).prediction).toBe('Adelie');
  });

  it('answers a regression with the value alone', () => {
    expect(answerOf(number, { values: Float32Array.of(18, -2.5), columns: 1 }, 1)).toEqual({ prediction: -2.5 });
  });

  it('holds any name of a class, and takes the first of equal ones', () => {
    const names = fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '', '1')), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(names, fc.nat(), (classes, seed) => {
        const values = Float32Array.from(classes, (_, index) => ((seed >> index) % 3) / 4);
        const { prediction, probabilities } = answerOf({ name: 'm', task: 'multiclass', classes }, { values, columns: classes.length }, 0);
        expect(prediction).toBe(classes[values.indexOf(Math.max(...values))]);
        expect(Object.entries(probabilities!).toSorted()).toEqual(classes.map((name, index) => [name, values[index]]).toSorted());
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [binary, 3, 2],
    [species, 2, 3],
    [number, 2, 1],
  ])('refuses %j with %d values a row', (description, columns, expected) => {
    expect(() => answerOf(description, { values: new Float32Array(columns), columns }, 0)).toThrow(`answers with ${String(columns)} values a row, expected ${String(expected)}`);
  });
});
