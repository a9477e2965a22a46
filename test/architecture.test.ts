import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findCircles, readImports } from './support/import-graph.ts';

const root = path.resolve(import.meta.dirname, '..');

/** What is published is what lies in the rooms. */
const { include: rooms } = JSON.parse(readFileSync(path.join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] };

test('no files of the rooms import each other in a circle', () => {
  const graph = readImports(root, rooms);
  expect(graph.get('bin/slipway.ts'), 'imports are read').not.toEqual([]);
  expect(findCircles(graph).map((circle) => circle.join(' → '))).toEqual([]);
});

test('a circle is named from its first file back to it', () => {
  const graph = new Map([
    ['a.ts', ['b.ts', 'd.ts']],
    ['b.ts', ['c.ts', 'd.ts']],
    ['c.ts', ['b.ts']],
    ['d.ts', []],
  ]);
  expect(findCircles(graph)).toEqual([['b.ts', 'c.ts', 'b.ts']]);
});
