import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DescribeServicesCommand, ECSClient, ListClustersCommand, ListServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredPrograms } from '../../bin/cli/declared-programs.ts';
import { hostModules } from '../../bin/cli/programs.ts';
import { InferenceService, ModelPlatform } from '../../lib/index.ts';
import type { InferenceServiceOptions } from '../../lib/index.ts';
import { startLaptop } from '../../local/index.ts';
import { bundleRootContext } from '../../lib/private/handler-bundle.ts';
import { flags } from '../lib/support.ts';
import { builtBundles } from './pipeline-app.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'container-service-'));
const assembly = path.join(directory, 'cdk.out');
let bundles: string;
beforeAll(() => {
  bundles = builtBundles(directory);
}, 120_000);
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Deploys a service to the laptop, as it was left by the deployment before. */
async function deploy(options: InferenceServiceOptions, tags: Readonly<Record<string, string>> = {}) {
  const app = new App({ outdir: assembly, analyticsReporting: false, builtinCloudFormationValidation: false, context: { ...flags, [bundleRootContext]: bundles, 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Containers');
  const service = new InferenceService(stack, 'Service', { platform: new ModelPlatform(stack, 'Platform'), ...options });
  for (const [key, value] of Object.entries(tags)) Tags.of(service).add(key, value);
  new CfnOutput(stack, 'Url', { value: service.url });
  app.synth();
  const laptop = await startLaptop({ assembly, stateDirectory: path.join(directory, 'state'), programs: await declaredPrograms(assembly), hostModules: hostModules() });
  const ecs = new ECSClient({ endpoint: laptop.awsEndpoint, region: laptop.region, credentials: laptop.credentials });
  const cluster = (await ecs.send(new ListClustersCommand({}))).clusterArns![0]!;
  const [name] = (await ecs.send(new ListServicesCommand({ cluster }))).serviceArns!;
  const described = async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name!] }));
    const { desiredCount, runningCount, taskDefinition } = services![0]!;
    return { desiredCount, runningCount, taskDefinition };
  };
  return {
    described,
    url: laptop.summary.stacks.flatMap(({ outputs }) => outputs).find(({ key }) => key === 'Url')!.value,
    scale: (desiredCount: number) => ecs.send(new UpdateServiceCommand({ cluster, service: name!, desiredCount })),
    close: () => laptop.close(),
  };
}

describe('an InferenceService', () => {
  it('begins with no task, and is never scaled by a deployment of its stack', async () => {
    const first = await deploy({});
    expect(await first.described()).toMatchObject({ desiredCount: 0, runningCount: 0 });
    const { taskDefinition } = await first.described();
    // As a rollout does, and autoscaling after it. Without a model a task is alive, and is not asked.
    await first.scale(2);
    await expect.poll(first.described, { timeout: 20_000 }).toMatchObject({ desiredCount: 2, runningCount: 2 });
    expect((await fetch(`${first.url}/ping`)).status).toBe(503);
    await first.close();

    const second = await deploy({ maxBatchRows: 7 }, { team: 'ours' });
    expect(await second.described()).toMatchObject({ desiredCount: 2 });
    expect((await second.described()).taskDefinition).not.toBe(taskDefinition);
    await second.scale(3);
    await second.close();

    const third = await deploy({ maxBatchRows: 7, maxTasks: 9 }, { team: 'theirs' });
    expect(await third.described()).toMatchObject({ desiredCount: 3 });
    await third.close();
  }, 90_000);
});
