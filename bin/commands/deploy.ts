import { Command } from 'commander';
import { findApplication } from '../cli/application.ts';
import { connect } from '../cli/connection.ts';
import { deployableVersion } from '../cli/deployment.ts';
import { CommandError } from '../cli/errors.ts';
import { registryClient, type RegistryOptions } from '../cli/model-versions.ts';
import { options, versionOrLatest } from '../cli/options.ts';
import { planOf, type PlanOptions, rolloutOptions } from '../cli/rollout-options.ts';
import { runRollout } from '../cli/rollout-run.ts';
import { showRollout } from '../cli/rollout-view.ts';
import { chooseTarget, findTargets } from '../cli/targets.ts';
import { Terminal } from '../cli/terminal.ts';

interface DeployOptions extends RegistryOptions, PlanOptions {
  readonly target?: string;
  readonly detach?: boolean;
}

/** `slipway deploy`. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description('Deploy a version of the registry to a serving target: try it out, move traffic to it, take it back where it fails')
    .argument('<version>', "its number, or 'latest'", versionOrLatest)
    .addOption(rolloutOptions.target())
    .addOption(rolloutOptions.canary())
    .addOption(rolloutOptions.linear())
    .addOption(rolloutOptions.interval())
    .addOption(rolloutOptions.allAtOnce())
    .addOption(rolloutOptions.detach())
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', deployExamples)
    .action(async (which: number | 'latest', given: DeployOptions) => {
      const plan = planOf(given);
      const terminal = new Terminal({ json: given.json === true });
      const connection = await connect(given);
      const target = chooseTarget(await findTargets(connection, given.stacks), given.target);
      const application = await findApplication(connection, given.stacks);
      const client = registryClient(connection);
      try {
        const { version, model } = await deployableVersion(client, application.modelPackageGroup, application.pipelineName, which);
        if (target.url === application.productionApiUrl && version.approval !== 'Approved') {
          throw new CommandError(`Version ${model.modelVersion} is ${version.approval ?? 'not decided on'}, and ${target.target} is production, which serves approved versions alone: slipway approve ${model.modelVersion} first.`);
        }
        const result = await runRollout(connection, target, { action: 'deploy', model, explicit: true, ...(plan === undefined ? {} : { plan }) }, terminal, given.detach);
        showRollout(terminal, result, given.json === true, { version: model.modelVersion });
      } finally {
        client.destroy();
      }
    });
}

const deployExamples = `
Examples:
  slipway deploy latest                               by the target's own plan
  slipway deploy 3 --target production --canary 10 --interval 5m
  slipway deploy 3 --linear 20 --interval 10m --json
  slipway deploy 2                                    an older version: the newer ones are taken back

Exit code 0 when the version serves, 1 when it was refused or taken back.
`;
