import { Command } from 'commander';
import { connect } from '../cli/connection.ts';
import type { RegistryOptions } from '../cli/model-versions.ts';
import { options } from '../cli/options.ts';
import { rolloutOptions } from '../cli/rollout-options.ts';
import { runRollout } from '../cli/rollout-run.ts';
import { showRollout } from '../cli/rollout-view.ts';
import { chooseTarget, findTargets } from '../cli/targets.ts';
import { Terminal } from '../cli/terminal.ts';

interface ChangeOptions extends RegistryOptions {
  readonly target?: string;
  readonly reason?: string;
}

/** `slipway promote`. */
export function promoteCommand(): Command {
  return change('promote', 'Make the version beside the stable one the stable one, at once: the end of a test, or of a deployment')
    .addHelpText('after', '\nExamples:\n  slipway promote\n  slipway promote --target production --json\n')
    .action(async (given: ChangeOptions) => {
      await run(given, { action: 'promote' });
    });
}

/** `slipway rollback`. */
export function rollbackCommand(): Command {
  return change('rollback', 'Take back what was deployed last, at once: the version beside the stable one, or else the stable one itself')
    .option('--reason <text>', 'why: kept in the record', 'by hand')
    .addHelpText('after', rollbackExamples)
    .action(async (given: ChangeOptions) => {
      await run(given, { action: 'rollBack', reason: given.reason });
    });
}

function change(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(rolloutOptions.target())
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json());
}

async function run(given: ChangeOptions, input: Readonly<Record<string, unknown>>): Promise<void> {
  const terminal = new Terminal({ json: given.json === true });
  const connection = await connect(given);
  const target = chooseTarget(await findTargets(connection, given.stacks), given.target);
  const result = await runRollout(connection, target, input, terminal);
  showRollout(terminal, result, given.json === true);
}

const rollbackExamples = `
Examples:
  slipway rollback --reason "worse on the evening flights"
  slipway rollback --target production --json

The version that is taken back is marked as withdrawn: no retry and no decision on another version brings it back, only slipway deploy, or whoever approves it anew.
It returns once no request meets that version any more.
`;
