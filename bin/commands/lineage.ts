import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Command } from 'commander';
import { findApplication } from '../cli/application.ts';
import { clientConfig, connect } from '../cli/connection.ts';
import { showLineage } from '../cli/lineage-view.ts';
import { traceVersion, type TracedVersion } from '../cli/lineage.ts';
import { findVersion, type RegistryOptions } from '../cli/model-versions.ts';
import { options, versionOrLatest } from '../cli/options.ts';
import { s3Client } from '../cli/s3.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

/** `slipway lineage`. */
export function lineageCommand(): Command {
  return new Command('lineage')
    .description('Trace a registered model back: from where it is served to its evaluation, training, code and data')
    .argument('<version>', "the number of a version, or 'latest'", versionOrLatest)
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', lineageExamples)
    .action(async (version: number | 'latest', given: RegistryOptions) => {
      const traced = await trace(given, version);
      if (given.json === true) printJson({ ...traced.model, lineage: traced.lineage, servedBy: traced.servedBy, data: traced.data });
      else showLineage(new Terminal({ json: false }), traced);
    });
}

async function trace(given: RegistryOptions, version: number | 'latest'): Promise<TracedVersion> {
  const connection = await connect(given);
  const { modelPackageGroup, artifactBucket } = await findApplication(connection, given.stacks);
  const sagemaker = new SageMakerClient(clientConfig(connection));
  const s3 = s3Client(connection);
  try {
    return await traceVersion(s3, artifactBucket, await findVersion(sagemaker, modelPackageGroup, version));
  } finally {
    sagemaker.destroy();
    s3.destroy();
  }
}

const lineageExamples = `
Examples:
  slipway lineage latest
  slipway lineage 3 --json
  slipway lineage 3 --aws

The lineage is a file among the run's reports, whose digest the registry holds: one that was changed since is refused.
`;
