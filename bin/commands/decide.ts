import { type ModelApprovalStatus, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { Command } from 'commander';
import { findApplication } from '../cli/application.ts';
import { connect, type Connection } from '../cli/connection.ts';
import { findVersion, type ModelVersion, registryClient, type RegistryOptions } from '../cli/model-versions.ts';
import { options, versionOrArn } from '../cli/options.ts';
import { callerOf } from '../cli/rollout-run.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

interface DecideOptions extends RegistryOptions {
  readonly reason?: string;
}

/** How a decision is called. */
interface Decision {
  readonly name: string;
  readonly status: ModelApprovalStatus;
  readonly description: string;
  /** What follows from it, for the person who decided. */
  readonly follows: string;
}

/** `slipway approve`. */
export function approveCommand(): Command {
  return decideCommand({
    name: 'approve',
    status: 'Approved',
    description: 'Approve a model version: production serves the highest approved one',
    follows: 'Its run goes on to production within seconds, unless a higher version is approved as well.',
  });
}

/** `slipway reject`. */
export function rejectCommand(): Command {
  return decideCommand({
    name: 'reject',
    status: 'Rejected',
    description: 'Reject a model version; where production serves it, the highest approved one before it takes its place',
    follows: 'Where production serves it, the highest approved version before it takes its place.',
  });
}

function decideCommand({ name, status, description, follows }: Decision): Command {
  return new Command(name)
    .description(description)
    .argument('<version>', "its number, 'latest', or its model package's ARN", versionOrArn)
    .option('--reason <text>', 'why: kept in the registry and in the audit')
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', `\nExamples:\n  slipway ${name} 3 --reason "${status === 'Approved' ? 'better on the evening flights' : 'worse on the evening flights'}"\n  slipway ${name} 3 --aws --json\n`)
    .action(async (which: number | string, given: DecideOptions) => {
      const connection = await connect(given);
      const by = await callerOf(connection);
      const before = await decide(connection, given, which, status, reasonOf(by, given.reason));
      const changed = before.approval !== status;
      if (given.json === true) {
        printJson({ version: before.version, arn: before.arn, approval: status, before: before.approval, changed, by });
        return;
      }
      const terminal = new Terminal({ json: false });
      const decided = `Version ${String(before.version)} is ${status.toLowerCase()}`;
      terminal.line(changed ? `${terminal.style('green', '✓')} ${decided}. ${follows}` : `${decided} already: nothing was changed.`);
      if (changed) terminal.line(terminal.style('dim', `  by ${by}`));
    });
}

/** Decides on a version. One that is as it should be is left alone: its description keeps the words of whoever decided. @returns the version as it was */
async function decide(connection: Connection, given: DecideOptions, which: number | string, status: ModelApprovalStatus, reason: string): Promise<ModelVersion> {
  const client = registryClient(connection);
  try {
    const group = typeof which === 'number' || which === 'latest' ? (await findApplication(connection, given.stacks)).modelPackageGroup : '';
    const version = await findVersion(client, group, which);
    if (version.approval !== status) await client.send(new UpdateModelPackageCommand({ ModelPackageArn: version.arn, ModelApprovalStatus: status, ApprovalDescription: reason }));
    return version;
  } finally {
    client.destroy();
  }
}

/** SageMaker's bound on a description. */
const descriptionLength = 1024;

/** The reason, on one line, with who gave it: SageMaker names whoever changed a version last, which need not be whoever decided. */
function reasonOf(by: string, reason: string | undefined): string {
  const text = reason?.replaceAll(/\s+/g, ' ').trim() ?? '';
  const who = `(${by})`;
  return text === '' ? who : `${text.slice(0, descriptionLength - who.length - 1)} ${who}`;
}
