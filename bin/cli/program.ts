import { Command } from 'commander';
import { approveCommand, rejectCommand } from '../commands/decide.ts';
import { convertCommand } from '../commands/convert.ts';
import { demoCommand } from '../commands/demo.ts';
import { deployCommand } from '../commands/deploy.ts';
import { lineageCommand } from '../commands/lineage.ts';
import { modelsCommand } from '../commands/models.ts';
import { predictCommand } from '../commands/predict.ts';
import { promoteCommand, rollbackCommand } from '../commands/rollback.ts';
import { runCommand } from '../commands/run.ts';
import { serveCommand } from '../commands/serve.ts';
import { trafficCommand } from '../commands/traffic.ts';
import { upCommand } from '../commands/up.ts';
import { validateCommand } from '../commands/validate.ts';

/** The command line with all its commands. */
export function slipwayProgram(): Command {
  const program = new Command('slipway')
    .description('The machine-learning lifecycle on AWS, and the same app on this machine')
    .showHelpAfterError('(slipway --help shows the commands)')
    .addHelpText('after', '\nStart here:\n  slipway demo     the whole lifecycle on three million flights, on this machine\n  slipway up       your own app on this machine\n');
  for (const command of [demoCommand(), upCommand(), runCommand(), predictCommand(), serveCommand(), modelsCommand(), approveCommand(), rejectCommand(), deployCommand(), trafficCommand(), promoteCommand(), rollbackCommand(), lineageCommand(), validateCommand(), convertCommand()]) program.addCommand(command);
  return program;
}
