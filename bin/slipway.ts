#!/usr/bin/env node
import { Command } from 'commander';
import { LaptopError } from '../local/index.ts';
import { CommandError } from './cli/errors.ts';
import { demoCommand } from './commands/demo.ts';
import { modelsCommand } from './commands/models.ts';
import { predictCommand } from './commands/predict.ts';
import { runCommand } from './commands/run.ts';
import { upCommand } from './commands/up.ts';

const program = new Command('slipway')
  .description('The machine-learning lifecycle on AWS, and the same app on this machine')
  .showHelpAfterError('(slipway --help shows the commands)')
  .addHelpText('after', '\nStart here:\n  slipway demo     the whole lifecycle on three million flights, on this machine\n  slipway up       your own app on this machine\n');

for (const command of [demoCommand(), upCommand(), runCommand(), predictCommand(), modelsCommand()]) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  // What the user can mend comes as one line; anything else is ours, and its stack helps to find it.
  if (error instanceof CommandError || error instanceof LaptopError) console.error(`slipway: ${error.message}`);
  else console.error(error);
  process.exitCode = 1;
}
