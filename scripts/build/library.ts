import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BuildError, root } from './platform.ts';

/** The rooms that are published (tsconfig.build.json has the same). */
const rooms = ['bin', 'lib', 'lambda', 'stepfunctions', 'containers', 'model', 'local', 'examples'];

/** Compiles the rooms to JavaScript and declarations under `out`, and checks that a consumer can load them. */
export async function buildLibrary(out: string): Promise<void> {
  for (const room of rooms) rmSync(path.join(out, room), { recursive: true, force: true });
  run(path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ['-p', path.join(root, 'tsconfig.build.json'), '--outDir', out], root);
  for (const room of rooms) copyOtherFiles(path.join(root, room), path.join(out, room));
  checkConsumers();
}

/** What is no TypeScript goes along as it is. */
function copyOtherFiles(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.ts')) continue;
    const file = path.relative(from, path.join(entry.parentPath, entry.name));
    mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    copyFileSync(path.join(from, file), path.join(to, file));
  }
}

/** A consumer as `cdk init` makes them, and one of ES modules: both load the package by its name, and compile against its declarations. */
function checkConsumers(): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'slipway-consumer-'));
  try {
    const modules = path.join(folder, 'node_modules');
    mkdirSync(modules);
    symlinkSync(root, path.join(modules, 'slipway'));
    for (const peer of ['aws-cdk-lib', 'constructs']) symlinkSync(path.join(root, 'node_modules', peer), path.join(modules, peer));
    writeFileSync(path.join(folder, 'package.json'), '{}');
    writeFileSync(path.join(folder, 'app.cjs'), "const { Gate } = require('slipway'); if (Gate.metric('auc').above(0.7).toJSON().threshold !== 0.7) process.exit(1);\n");
    writeFileSync(path.join(folder, 'app.mjs'), "import { Gate } from 'slipway'; if (Gate.metric('auc').above(0.7).toJSON().threshold !== 0.7) process.exit(1);\n");
    writeFileSync(path.join(folder, 'app.ts'), "import { Gate, type SplitShares } from 'slipway';\nexport const gate: Gate = Gate.metric('auc').above(0.7);\nexport const shares: SplitShares = { train: 0.7 };\n");
    run(path.join(folder, 'app.cjs'), [], folder);
    run(path.join(folder, 'app.mjs'), [], folder);
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { module: 'node20', target: 'es2022', lib: ['es2022', 'esnext.disposable'], strict: true, noEmit: true, types: [] }, files: ['app.ts'] }));
    run(path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ['-p', folder], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(script: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new BuildError(`${path.basename(script)} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
