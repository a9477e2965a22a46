#!/usr/bin/env node
import { LaptopError } from '../local/index.ts';
import { CommandError } from './cli/errors.ts';
import { slipwayProgram } from './cli/program.ts';

// `slipway models | head` closes our output early: nobody reads on, so there is nothing more to do.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

try {
  await slipwayProgram().parseAsync();
} catch (error) {
  // What the user can mend comes as one line; anything else is ours, and its stack helps to find it.
  if (error instanceof CommandError || error instanceof LaptopError) console.error(`slipway: ${error.message}`);
  else console.error(error);
  process.exitCode = 1;
}
