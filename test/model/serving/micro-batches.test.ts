import { expect, test } from 'vitest';
import type { GraphInputs } from '../../../model/serving/inputs.ts';
import { keepsBits } from '../../../model/serving/keeps-bits.ts';
import { MicroBatches } from '../../../model/serving/micro-batches.ts';
import type { Runner } from '../../../model/serving/runner.ts';

/** Answers two values a row: the number, and the length of the text. */
function echo(): { readonly runner: Runner; readonly sizes: number[] } {
  const sizes: number[] = [];
  return {
    sizes,
    runner: {
      runAll: async ({ number, text }, rows) => {
        sizes.push(rows);
        if ((number as Float32Array).includes(-1)) throw new Error('out of order');
        return { values: Float32Array.from({ length: 2 * rows }, (_, index) => (index % 2 === 0 ? (number as Float32Array)[index >> 1]! : (text as string[])[index >> 1]!.length)), columns: 2 };
      },
      close: async () => undefined,
    },
  };
}

const call = (first: number, rows = 1): [GraphInputs, number] => [
  { number: Float32Array.from({ length: rows }, (_, row) => first + row), text: Array.from({ length: rows }, (_, row) => 'x'.repeat(Math.max(0, first + row) % 5)) },
  rows,
];
const expected = (first: number, rows = 1): number[] => Array.from({ length: rows }, (_, row) => [first + row, (first + row) % 5]).flat();

test('calls that come at the same time go together, each with its own answer', async () => {
  const { runner, sizes } = echo();
  const batches = new MicroBatches(runner);
  const answers = await Promise.all([batches.runAll(...call(3)), batches.runAll(...call(10, 4)), batches.runAll(...call(7, 2))]);
  expect(answers.map(({ values, columns }) => [[...values], columns])).toEqual([[expected(3), 2], [expected(10, 4), 2], [expected(7, 2), 2]]);
  expect([...(await batches.runAll(...call(1))).values]).toEqual(expected(1));
  expect(sizes).toEqual([7, 1]);
});

test('a batch has 64 rows at most, and calls of many rows are batches of their own', async () => {
  const { runner, sizes } = echo();
  const batches = new MicroBatches(runner);
  const few = Array.from({ length: 100 }, (_, index) => batches.runAll(...call(index)));
  const many = batches.runAll(...call(5, 17));
  expect([...(await many).values]).toEqual(expected(5, 17));
  expect((await Promise.all(few)).map(({ values }) => [...values])).toEqual(Array.from({ length: 100 }, (_, index) => expected(index)));
  expect(sizes).toEqual([17, 64, 36]);
});

test('calls fail together', async () => {
  const batches = new MicroBatches(echo().runner);
  const failed = await Promise.allSettled([batches.runAll(...call(1)), batches.runAll(...call(-1))]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('a runtime whose answers depend on the rows beside is found out', async () => {
  const features = [{ name: 'number', column: 'number', transform: 'numeric' as const }, { name: 'text', column: 'text', transform: 'category' as const, encoding: [['a', 1]] as const }];
  const { runner } = echo();
  expect(await keepsBits(runner, features)).toBe(true);
  const other: Runner = {
    ...runner,
    runAll: async (inputs, rows) => {
      const { values, columns } = await runner.runAll(inputs, rows);
      return { values: rows === 1 ? values.map((value) => value * (1 + 2 ** -23)) : values, columns };
    },
  };
  expect(await keepsBits(other, features)).toBe(false);
});
