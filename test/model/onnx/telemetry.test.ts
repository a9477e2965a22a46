import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { contractModel } from '../../contract/model.ts';

const home = mkdtempSync(path.join(tmpdir(), 'telemetry-'));
afterAll(() => { rmSync(home, { recursive: true, force: true }); });

it("ONNX Runtime is kept from reporting its use: it makes no id for this machine", async () => {
  const program = path.join(home, 'load.ts');
  writeFileSync(program, `
import { readFile } from 'node:fs/promises';
import { OnnxModel } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../../model/onnx/session.ts'))};
await (await OnnxModel.load(await readFile(${JSON.stringify(path.join(await contractModel(), 'model.onnx'))}))).close();
`);
  execFileSync(process.execPath, [program], { env: { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: path.join(home, '.cache') } });
  expect(existsSync(path.join(home, '.cache'))).toBe(false);
});
