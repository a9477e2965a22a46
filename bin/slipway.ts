#!/usr/bin/env node
import { LaptopError } from '../local/index.ts';
import { CommandError } from './cli/errors.ts';
import { slipwayProgram } from './cli/program.ts';

try {
  await slipwayProgram().parseAsync();
} catch (error) {
  // What the user can mend comes as one line; anything else is ours, and its stack helps to find it.
  if (error instanceof CommandError || error instanceof LaptopError) console.error(`slipway: ${error.message}`);
  else console.error(error);
  process.exitCode = 1;
}
