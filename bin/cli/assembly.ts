import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from './errors.ts';

/**
 * Synthesises the app that `cdk.json` of a folder names, as `cdk synth -c key=value` does.
 * @param outputDirectory where the assembly goes: not the app's own cdk.out, which a second laptop of the same folder would replace.
 */
export async function synthesise(directory: string, outputDirectory: string, given: Readonly<Record<string, string>>, report: (line: string) => void): Promise<void> {
  const { app, build, context = {} } = await readCdkJson(directory);
  if (build !== undefined) await shell(build, directory, {}, report);
  await shell(app, directory, { CDK_OUTDIR: outputDirectory, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...given }) }, report);
}

interface CdkJson {
  readonly app: string;
  readonly build?: string;
  readonly context?: Record<string, unknown>;
}

async function readCdkJson(directory: string): Promise<CdkJson> {
  const file = path.join(directory, 'cdk.json');
  if (!existsSync(file)) throw new CommandError(`${file} does not exist: run this in the folder of a CDK app, or give a synthesized one with --assembly DIR.`);
  const content = JSON.parse(await readFile(file, 'utf8')) as Partial<CdkJson>;
  if (content.app === undefined) throw new CommandError(`${file} has no "app": the command that synthesises.`);
  return content as CdkJson;
}

async function shell(command: string, cwd: string, environment: Record<string, string>, report: (line: string) => void): Promise<void> {
  const child = spawn(command, {
    cwd,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${path.join(cwd, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}`, ...environment },
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    const line = text.trimEnd().split('\n').at(-1);
    if (line !== undefined && line !== '') report(line);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new CommandError(`\`${command}\` failed with exit code ${String(code)}:\n${text.trimEnd()}`);
}
