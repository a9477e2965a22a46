import jsonata from 'jsonata';
import { expect, it } from 'vitest';
import { budget, limit } from '../../../local/states/jsonata-limits.ts';

it('ends an expression that would never end, and lets others work meanwhile', async () => {
  const expression = limit(jsonata('($again := function($n) { $again($n + 1) }; $again(0))'));
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await expect(expression.evaluate(undefined, budget(500))).rejects.toThrow('it took more than 500 ms');
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});

it('lets an expression of many steps end', async () => {
  expect(await limit(jsonata('$sum([1..20000])')).evaluate(undefined, budget())).toBe(200_010_000);
});
