import { Command, Option } from 'commander';
import { abReport } from '../../model/evaluation/ab/report.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import { findApplication } from '../cli/application.ts';
import { connect, type Connection } from '../cli/connection.ts';
import { deployableVersion, readDeployment } from '../cli/deployment.ts';
import { CommandError } from '../cli/errors.ts';
import { registryClient, type RegistryOptions } from '../cli/model-versions.ts';
import { options } from '../cli/options.ts';
import { readOutcomes } from '../cli/outcomes-file.ts';
import { durationSeconds, rolloutOptions, shareArgument, type VersionShare } from '../cli/rollout-options.ts';
import { runRollout } from '../cli/rollout-run.ts';
import { showRollout } from '../cli/rollout-view.ts';
import { chooseTarget, findTargets, type Target } from '../cli/targets.ts';
import { printJson, Terminal } from '../cli/terminal.ts';
import { showTraffic, type TrafficReport } from '../cli/traffic-view.ts';
import { versionFigures } from '../cli/version-metrics.ts';

interface TrafficOptions extends RegistryOptions {
  readonly target?: string;
  readonly since?: number;
  readonly outcomes?: string;
}

/** `slipway traffic`. */
export function trafficCommand(): Command {
  return new Command('traffic')
    .description('Show which versions a target serves and how they do beside each other; or share its requests out between two')
    .argument('[shares...]', 'versions and their percent: 2=90 3=10; one alone with 100 ends a test', shareArgument)
    .addOption(rolloutOptions.target())
    .addOption(new Option('--since <duration>', 'how far back the report looks').argParser(durationSeconds).default(undefined, 'since the shares are as they are'))
    .option('--outcomes <file>', 'what came of predictions: JSON lines {"modelVersion": "3", "outcome": 1}')
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', trafficExamples)
    .action(async (shares: VersionShare[], given: TrafficOptions) => {
      const terminal = new Terminal({ json: given.json === true });
      const connection = await connect(given);
      const target = chooseTarget(await findTargets(connection, given.stacks), given.target);
      if (shares.length > 0) {
        const result = await runRollout(connection, target, { action: 'traffic', shares: await modelsOf(connection, target, shares, given) }, terminal);
        showRollout(terminal, result, given.json === true, { version: String(shares.at(-1)?.version) });
        return;
      }
      const report = await reportOf(connection, target, given);
      if (given.json === true) printJson(report);
      else showTraffic(terminal, report);
    });
}

/** The versions that are asked for: those that are live as the record names them, others from the registry. */
async function modelsOf(connection: Connection, target: Target, shares: readonly VersionShare[], given: TrafficOptions): Promise<{ readonly model: unknown; readonly share: number }[]> {
  const record = await readDeployment(connection, target);
  const live = [record?.stable, record?.canary?.model].filter((model) => model !== undefined);
  const application = await findApplication(connection, given.stacks);
  const client = registryClient(connection);
  try {
    return await Promise.all(shares.map(async ({ version, percent }) => {
      const known = live.find(({ modelVersion }) => modelVersion === String(version));
      if (known !== undefined) return { model: known, share: percent / 100 };
      const found = await deployableVersion(client, application.modelPackageGroup, application.pipelineName, version);
      if (target.url === application.productionApiUrl && found.version.approval !== 'Approved') {
        throw new CommandError(`Version ${found.model.modelVersion} is ${found.version.approval ?? 'not decided on'}, and ${target.target} is production, which serves approved versions alone: slipway approve ${found.model.modelVersion} first.`);
      }
      return { model: found.model, share: percent / 100 };
    }));
  } finally {
    client.destroy();
  }
}

async function reportOf(connection: Connection, target: Target, { since, outcomes: file }: TrafficOptions): Promise<TrafficReport> {
  const record = await readDeployment(connection, target);
  if (record === undefined) throw new CommandError(`Nothing was deployed to ${target.target} yet: slipway deploy latest, or a run of its pipeline.`);
  const to = new Date();
  const from = since === undefined ? new Date(record.updatedAt) : new Date(to.getTime() - since * 1000);
  const live = [{ version: record.stable.modelVersion, share: 1 - (record.canary?.weight ?? 0) }, ...(record.canary === undefined ? [] : [{ version: record.canary.model.modelVersion, share: record.canary.weight }])];
  const outcomes = file === undefined ? undefined : await readOutcomes(file);
  const figures = await versionFigures(connection, target.target, live.map(({ version }) => version), from, to);
  const arms = figures.map((arm) => ({ ...arm, ...(outcomes === undefined ? {} : { outcomes: outcomes.get(arm.version) ?? [] }) }));
  const [stable, canary] = arms;
  const versions = live.map((each, index) => {
    const { requests = 0, errors = 0, latencies = [], p99 } = arms[index] ?? {};
    return { ...each, requests, errors, meanLatencyMs: latencies.length === 0 ? null : latencies.reduce((sum, value) => sum + value, 0) / latencies.length, p99LatencyMs: p99 ?? null };
  });
  return { target: target.target, since: from.toISOString(), versions, ...stateOf(record), ...(stable === undefined || canary === undefined ? {} : { comparison: abReport(stable, canary) }) };
}

function stateOf({ rollout, ended, withdrawn = [] }: DeploymentRecord): Pick<TrafficReport, 'rollout' | 'ended' | 'withdrawn'> {
  const version = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
  return {
    ...(rollout === undefined ? {} : { rollout: { id: rollout.id, plan: rollout.plan, step: rollout.step, startedAt: rollout.startedAt } }),
    ...(ended === undefined ? {} : { ended: { version: version(ended.modelPackageArn), outcome: ended.outcome, at: ended.at, ...(ended.reason === undefined ? {} : { reason: ended.reason }) } }),
    withdrawn: withdrawn.map(({ modelPackageArn, at, reason }) => ({ version: version(modelPackageArn), at, reason })),
  };
}

const trafficExamples = `
Examples:
  slipway traffic                              what is served, and how the versions do
  slipway traffic 2=90 3=10                    a test: version 3 is tried out first
  slipway traffic --since 24h --outcomes clicks.jsonl
  slipway traffic 2=100                        ends the test with version 2 (slipway promote: with the other one)
  slipway traffic --target production --json
`;
