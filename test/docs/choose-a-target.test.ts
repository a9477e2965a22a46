import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { withTables } from '../../scripts/docs/serving-costs.ts';

it('the costs in the guide are those that the prices give (npm run costs)', () => {
  const guide = readFileSync(path.resolve(import.meta.dirname, '../../docs/guides/choose-a-target.md'), 'utf8');
  expect(withTables(guide)).toBe(guide);
});
