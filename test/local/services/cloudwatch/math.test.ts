import { expect, test } from 'vitest';
import { evaluate } from '../../../../local/services/cloudwatch/math/evaluate.ts';
import { parseExpression } from '../../../../local/services/cloudwatch/math/parse.ts';
import { seriesOf } from '../../../../local/services/cloudwatch/math/values.ts';
import type { Value } from '../../../../local/services/cloudwatch/math/values.ts';

const grid = { times: [0, 60, 120, 180], periodSeconds: 60 };
const series = (...numbers: (number | undefined)[]): Value => ({ kind: 'series', points: new Map(numbers.flatMap((number, index) => (number === undefined ? [] : [[grid.times[index]!, number] as const]))) });
const metrics = new Map<string, Value>([
  ['m1', series(1, 2, undefined, 8)],
  ['m2', series(4, 0, 5, 4)],
]);

function compute(text: string): number | (number | undefined)[] {
  const value = evaluate(parseExpression(text), grid, (id) => metrics.get(id)!, () => metrics);
  return value.kind === 'scalar' ? value.value : grid.times.map((time) => seriesOf(value).get(time));
}

test.each<[string, number | (number | undefined)[]]>([
  ['1 + 2 * 3 ^ 2 ^ 0', 7],
  ['-(2 - 5) / 2', 1.5],
  ['m1 / m2 * 100', [25, undefined, undefined, 200]],
  ['100 * (m1 / m2)', [25, undefined, undefined, 200]],
  ['IF(m2 > 0, m1 / m2, 0)', [0.25, 0, undefined, 2]],
  ['FILL(m1, 0) + m2', [5, 2, 5, 12]],
  ['FILL(m1, REPEAT)', [1, 2, 2, 8]],
  ['FILL(m1, LINEAR)', [1, 2, 5, 8]],
  ['SUM(METRICS())', [5, 2, 5, 12]],
  ['SUM(FILL([m1, m2], 1)) - SUM([m1, m2])', [0, 0, 1, 0]],
  ['MAX(m1)', 8],
  ['AVG(METRICS("m2"))', [4, 0, 5, 4]],
  ['m1 >= 2 AND m2 == 0', [0, 1, undefined, 0]],
  ['IF(m1 > 1 OR m2 > 4, 1)', [undefined, 1, undefined, 1]],
  ['m2 / PERIOD(m2)', [4 / 60, 0, 5 / 60, 4 / 60]],
  ['RATE(m2)', [undefined, -4 / 0.06, 5 / 0.06, -1 / 0.06]],
  ['DIFF(m2)', [undefined, -4, 5, -1]],
  ['RUNNING_SUM(m2)', [4, 4, 9, 13]],
  ['CEIL(m2 / 3) - FLOOR(m2 / 3)', [1, 0, 1, 1]],
  ['TIME_SERIES(3)', [3, 3, 3, 3]],
])('%s', (text, expected) => {
  const result = compute(text);
  if (typeof expected === 'number') expect(result).toBe(expected);
  else expect((result as number[]).map((number) => number && Number(number.toPrecision(12)))).toEqual(expected.map((number) => number && Number(number.toPrecision(12))));
});

test.each([
  ['m1 +', 'the end'],
  ['m1 $ 2', "'$' stands at character 4"],
  ['(m1', "expected ')' where the end stands"],
  ['SEARCH("x")', 'does not know the metric math function SEARCH'],
  ['m1 m2', "'m2' stands behind its end"],
])('%s is refused with its place', (text, message) => {
  expect(() => compute(text)).toThrow(message);
});
