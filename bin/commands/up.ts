import path from 'node:path';
import { Command } from 'commander';
import { startLaptop, type Laptop } from '../../local/index.ts';
import { synthesise } from '../cli/assembly.ts';
import { removeLaptopFile, writeLaptopFile } from '../cli/connection.ts';
import { declaredPrograms } from '../cli/declared-programs.ts';
import { options } from '../cli/options.ts';
import { hostModules, imagePrograms, missingNativePackages } from '../cli/programs.ts';
import { servedTargets } from '../cli/served-targets.ts';
import { findTargets } from '../cli/targets.ts';
import { duration, printJson, Terminal } from '../cli/terminal.ts';

interface UpOptions {
  readonly assembly?: string;
  readonly port?: number;
  readonly context: Readonly<Record<string, string>>;
  readonly state: string;
  readonly clockSpeed?: number;
  readonly json?: boolean;
}

/** `slipway up`. */
export function upCommand(): Command {
  return new Command('up')
    .description('Synthesise the app and run it on this machine until Ctrl-C')
    .option('--assembly <dir>', 'a synthesized app (cdk.out) to run as it is, instead of synthesising the one in this folder')
    .addOption(options.context())
    .addOption(options.port())
    .addOption(options.clockSpeed())
    .addOption(options.state())
    .addOption(options.json())
    .addHelpText('after', upExamples)
    .action(async (given: UpOptions) => {
      const terminal = new Terminal({ json: given.json === true });
      const started = performance.now();
      const { laptop, stop } = await bringUp(given, terminal);
      const { awsEndpoint, credentials, apis } = laptop;
      const targets = servedTargets(await findTargets(laptop), laptop.summary.stacks);
      if (given.json === true) printJson({ awsEndpoint, credentials, apis, targets });
      terminal.line(`${terminal.style('green', '✓')} up in ${duration((performance.now() - started) / 1000)}`);
      terminal.line(`  AWS endpoint   ${awsEndpoint}`);
      for (const [id, url] of Object.entries(apis)) terminal.line(`  API            ${url}  ${terminal.style('dim', id)}`);
      for (const { target, url, serves } of targets) terminal.line(`  Target         ${url}  ${terminal.style('dim', serves === undefined || serves === target ? target : `${target}, ${serves}`)}`);
      terminal.line(`  State          ${path.resolve(given.state)}`);
      const declared = Object.entries(laptop.summary.declared).map(([type, number]) => `${type} × ${String(number)}`);
      if (declared.length > 0) terminal.line(terminal.style('dim', `  Kept as declarations, without an effect here: ${declared.join(', ')}`));
      terminal.line(`\nIn another terminal: ${terminal.style('bold', 'slipway run FILE')}, ${terminal.style('bold', 'slipway models')}, ${terminal.style('bold', 'slipway lineage latest')}, ${terminal.style('bold', 'slipway predict JSON')}. Ctrl-C stops.`);
      await interrupted();
      terminal.line('Stopping ..');
      await stop();
    });
}

/** A laptop that is up, and how to stop it. */
export interface UpLaptop {
  readonly laptop: Laptop;
  readonly stop: () => Promise<void>;
}

/** Synthesises unless an assembly is given, starts the laptop and leaves word of it for the other commands. */
export async function bringUp(given: Pick<UpOptions, 'assembly' | 'context' | 'port' | 'state' | 'clockSpeed'>, terminal: Terminal): Promise<UpLaptop> {
  let activity = 'synthesising';
  terminal.spin(() => activity);
  const stateDirectory = path.resolve(given.state);
  const assembly = path.resolve(given.assembly ?? path.join(stateDirectory, 'cdk.out'));
  if (given.assembly === undefined) await synthesise(process.cwd(), assembly, given.context, (line) => (activity = `synthesising  ${terminal.style('dim', line.slice(0, 80))}`));
  activity = 'bringing the app up';
  const modules = hostModules();
  const missing = missingNativePackages(modules);
  if (missing.length > 0) terminal.line(terminal.style('yellow', `  ${missing.join(' and ')} not found in ${modules}: functions that run models or read data will fail. \`npm install ${missing.join(' ')}\` mends it.`));
  const told = new Set<string>(); // several functions have the same to say
  const laptop = await startLaptop({
    assembly,
    stateDirectory,
    // Our own first: an image that the app names by a reference alone fits any.
    programs: [...imagePrograms, ...(await declaredPrograms(assembly))],
    hostModules: modules,
    onEvent: (event) => {
      if (event.type !== 'notice' || told.has(event.message)) return;
      told.add(event.message);
      terminal.line(terminal.style('dim', `  note: ${event.message}`));
    },
    ...(given.port === undefined ? {} : { port: given.port }),
    ...(given.clockSpeed === undefined ? {} : { clockSpeed: given.clockSpeed }),
  });
  const { awsEndpoint, credentials, region, apis } = laptop;
  await writeLaptopFile(stateDirectory, { awsEndpoint, credentials, region, apis, pid: process.pid });
  terminal.stop();
  return {
    laptop,
    stop: async () => {
      await removeLaptopFile(stateDirectory);
      await laptop.close();
    },
  };
}

async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { resolve(); });
  });
}

const upExamples = `
Examples:
  slipway up                          the app of this folder's cdk.json
  slipway up --assembly cdk.out       an app that is already synthesized, unmodified
  slipway up -c stage=prod            with a context value, as for cdk
  slipway up --clock-speed 60         an hour of waiting takes a minute
  slipway up --port 4566 --json       a fixed port, and one line of JSON when it is up
`;
