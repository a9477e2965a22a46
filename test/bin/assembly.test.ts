import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { synthesise } from '../../bin/cli/assembly.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'slipway-assembly-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('each laptop of a folder has an assembly of its own, which leaves the app’s cdk.out alone', async () => {
  writeFileSync(path.join(folder, 'app.mjs'), "import { mkdirSync, writeFileSync } from 'node:fs'; const out = process.env.CDK_OUTDIR; mkdirSync(out, { recursive: true }); writeFileSync(out + '/context.json', process.env.CDK_CONTEXT_JSON);");
  writeFileSync(path.join(folder, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" app.mjs`, context: { stage: 'dev', gate: 1 } }));
  await Promise.all(['one', 'two'].map((name) => synthesise(folder, path.join(folder, name), { gate: name }, () => undefined)));
  const context = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name, 'context.json'), 'utf8'));
  expect([context('one'), context('two')]).toEqual([{ stage: 'dev', gate: 'one' }, { stage: 'dev', gate: 'two' }]);
  expect(existsSync(path.join(folder, 'cdk.out'))).toBe(false);
});
