import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readEnv, readNumber } from '../../../lambda/shared/read-env.ts';

test('reads what the contract names, and nothing else', () => {
  expect(readEnv(['A', 'B'], { A: '1', B: '0', C: '3' })).toEqual({ A: '1', B: '0' });
});

test('every missing or empty variable is named', () => {
  expect(() => readEnv(['A', 'B', 'C'], { A: '1', B: '' })).toThrow(/^The environment lacks B, C: the function's construct must set them \(all of A, B, C\)\.$/);
});

test('a number is a number, and not too small', () => {
  expect(readNumber('N', '0', 0)).toBe(0);
  for (const text of ['', ' ', 'ten', '-1', 'NaN', 'Infinity']) expect(() => readNumber('N', text, 0)).toThrow(`N is '${text}', expected a number of at least 0.`);
});

const lambda = path.join(import.meta.dirname, '..', '..', '..', 'lambda');

// A handler without a contract reads no environment of ours.
test.each(readdirSync(lambda).filter((name) => existsSync(path.join(lambda, name, 'env.ts'))))('%s: the contract has a list of its names', async (name) => {
  const contract = (await import(path.join(lambda, name, 'env.ts'))) as Record<string, readonly string[]>;
  const lists = Object.values(contract);
  expect(lists).toHaveLength(1);
  expect(lists[0]).toEqual([...new Set(lists[0])]);
});
