import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sampleRows, flightsFile } from '../../bin/cli/demo-data.ts';
import { declaredPrograms } from '../../bin/cli/declared-programs.ts';
import { hostModules, imagePrograms } from '../../bin/cli/programs.ts';
import { startLaptop, type Laptop } from '../../local/index.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Synthesises the app as a user does, with handlers bundled for this machine: then `npm ci` is all that the tests need.
 * @param given context values, such as the example.
 */
export function synthesiseApp(directory: string, given: Readonly<Record<string, string>> = {}): string {
  const bundles = builtBundles(directory);
  const assembly = path.join(directory, 'cdk.out');
  const context = { 'slipway:handlerBundles': bundles, '@aws-cdk/core:validateAgainstDefaultRules': false, ...given };
  run(['bin/app.ts'], { CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(context) });
  return assembly;
}

/** A folder with what handlers and images are deployed from, built for this machine. */
export function builtBundles(directory: string): string {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  buildHandlers(arch);
  const bundles = path.join(directory, 'handlers');
  mkdirSync(path.join(bundles, 'images'), { recursive: true });
  // Under the names of the templates' architectures.
  symlinkSync(path.join(root, 'dist/handlers', arch), path.join(bundles, 'arm64'));
  for (const built of ['arm64', 'x64']) symlinkSync(path.join(root, 'dist/images', arch), path.join(bundles, 'images', built));
  return bundles;
}

/** One build at a time (the file's lock ends with its process): whoever comes second finds it done, and replaces nothing that another test reads. */
function buildHandlers(arch: string): void {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const lock = new DatabaseSync(path.join(root, 'dist/.e2e-build'), { timeout: 60_000 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    run(['scripts/build-handlers.ts', '--arch', arch], {});
    lock.exec('COMMIT');
  } finally {
    lock.close();
  }
}

function run(command: string[], environment: Record<string, string>): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', env: { ...process.env, ...environment } });
  if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`);
}

/** A copy of an assembly in which every template is edited as text. */
export function editedAssembly(assembly: string, target: string, edit: (template: string, file: string) => string): string {
  cpSync(assembly, target, { recursive: true });
  for (const file of readdirSync(target).filter((name) => name.endsWith('.template.json'))) {
    const template = path.join(target, file);
    writeFileSync(template, edit(readFileSync(template, 'utf8'), file));
  }
  return target;
}

/** Sets the gate's threshold where the template has it. */
export function withThreshold(template: string, threshold: number): string {
  return template.replaceAll(/(threshold\\*":)0\.\d+/g, `$1${String(threshold)}`);
}

/** Twelve thousand flights: enough for every check to pass and a model to learn something. */
export async function smallFlights(directory: string): Promise<string> {
  return sampleRows(flightsFile(hostModules()), 12_000, directory);
}

/** The laptop as `slipway up` starts it. */
export async function startApp(assembly: string, stateDirectory: string): Promise<Laptop> {
  return startLaptop({ assembly, stateDirectory, port: 0, programs: [...imagePrograms, ...(await declaredPrograms(assembly))], hostModules: hostModules() });
}
