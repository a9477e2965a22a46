import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AcceleratorName, InstanceType, Peer } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Secret as OwnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, it } from 'vitest';
import { Gpu, GpuCapacity, GpuScaling, GpuService, ImageRepository, InferenceService, ModelPlatform, ServingImage, ServingNetwork } from '../../lib/index.ts';
import { bundleRootContext } from '../../lib/private/handler-bundle.ts';
import { readAssembly } from '../../scripts/synth/assembly.ts';
import type { CheckResult } from '../../scripts/synth/finding.ts';
import { checkAcknowledgements } from '../../scripts/synth/nag.ts';
import { checkPolicies } from '../../scripts/synth/policies.ts';
import { readValidationReport } from '../../scripts/synth/validation-report.ts';
import { flags, tinyBundles } from '../lib/support.ts';

const outdir = mkdtempSync(path.join(tmpdir(), 'slipway-containers-'));
afterAll(() => {
  rmSync(outdir, { recursive: true, force: true });
});

/** Services of containers in every way that they differ in their templates. */
function containers(): App {
  const app = new App({ analyticsReporting: false, outdir, context: { ...flags, '@aws-cdk/core:failSynthOnValidationErrors': false, [bundleRootContext]: tinyBundles() } });
  const stack = new Stack(app, 'Containers', { env: { region: 'us-east-1' } });
  const platform = new ModelPlatform(stack, 'Platform');
  const image = ServingImage.fromEcrRepository(new ImageRepository(stack, 'Images', { pullAccounts: ['210987654321'], keptImages: 5 }).repository, '1');
  new InferenceService(stack, 'Minimal', { platform });
  new InferenceService(stack, 'Open', {
    platform,
    internetFacing: true,
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-1111-1111-1111-111111111111'),
    domainName: 'predict.example.com',
    allowedPeers: [Peer.ipv4('203.0.113.0/24')],
    executeCommand: true,
    spotPercent: 70,
    secrets: { API_KEY: Secret.fromSecretsManager(OwnSecret.fromSecretNameV2(stack, 'Key', 'key')) },
  });
  const { vpc } = new ServingNetwork(stack, 'Network', { instances: true });
  new GpuService(stack, 'Managed', { platform, image, vpc, gpu: Gpu.type(AcceleratorName.L4), production: true, capacity: GpuCapacity.managedInstances({ spot: true }) });
  const queue = new Queue(stack, 'Queue', { enforceSSL: true, deadLetterQueue: { maxReceiveCount: 3, queue: new Queue(stack, 'Dead', { enforceSSL: true }) } });
  const clock = { start: Schedule.cron({ hour: '6', minute: '0' }), stop: Schedule.cron({ hour: '20', minute: '0' }) };
  new GpuService(stack, 'Group', {
    platform, image, vpc, gpu: Gpu.count(1), maxTasks: 30,
    capacity: GpuCapacity.autoScalingGroup({ instanceType: new InstanceType('g6.xlarge') }),
    scaling: [GpuScaling.onQueueDepth({ queue, messagesPerTask: 5 }), GpuScaling.onSchedule(clock)],
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

describe('services of containers', () => {
  it('are as CloudFormation, cdk-nag and IAM want them', async () => {
    const app = containers();
    const { directory } = app.synth();
    const stacks = readAssembly(directory);
    const results: CheckResult[] = [
      readValidationReport(directory, 'CloudFormation', 'CloudFormation Validate'),
      readValidationReport(directory, 'cdk-nag', 'AwsSolutions'),
      readValidationReport(directory, 'construct warnings', 'Construct Annotations'),
      checkAcknowledgements(app),
      await checkPolicies(stacks),
    ];
    expect(results.flatMap(({ findings }) => findings)).toEqual([]);
    expect(stacks[0]?.resources.length).toBeGreaterThan(100);
    // CDK's rules take seconds of a busy machine.
  }, 120_000);
});
