import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateModelPackageCommand, SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { Template } from 'aws-cdk-lib/assertions';
import { vi } from 'vitest';
import { writeLaptopFile } from '../../bin/cli/connection.ts';
import { sha256 } from '../../lambda/shared/digest.ts';
import { InferenceApi, ModelPlatform } from '../../lib/index.ts';
import { pacedClock } from '../../local/core/clock.ts';
import { createCloudWatch } from '../../local/services/cloudwatch/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { createSageMaker } from '../../local/services/sagemaker/index.ts';
import { createStates } from '../../local/services/states/index.ts';
import { createSts } from '../../local/services/sts/index.ts';
import { LiveModels } from '../../model/serving/live-models.ts';
import type { LoadedModel } from '../../model/serving/loaded-model.ts';
import { type DeploymentRecord, recordSchema } from '../../model/serving/record.ts';
import { metricsNamespace, servingDimensions, servingMetrics } from '../../model/spec/serving-metrics.ts';
import { rolloutMachine } from '../../stepfunctions/rollout.ts';
import { openBench, role } from '../local/services/harness.ts';
import type { Bench } from '../local/services/harness.ts';
import { testStack } from '../lib/support.ts';
import { context } from '../lambda/support/fake-aws.ts';
import { slipway } from './support.ts';

type Handler = (event: unknown, context: object) => Promise<unknown>;

const names = { bucket: 'artifacts', group: 'models', key: 'deployments/production.json', topic: 'arn:aws:sns:us-east-1:000000000000:news' };
const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const outputs = ['DataBucketName', 'ArtifactBucketName', 'ModelPackageGroupName', 'ApiUrl', 'PipelineName', 'DataPrefix', 'StartFunctionName', 'StateMachineArn'];

/** What the world may be told. */
export interface RolloutWorldOptions {
  /** How many times as fast as the machine's its time runs. @default 1 */
  readonly speed?: number;
  readonly revalidateMs?: number;
}

/** A target on the laptop's own states, S3, registry and CloudWatch, with the real rollout machine, the real function behind its record and the alarms of a real API; the command line stands before it. */
export class RolloutWorld {
  readonly bench: Bench;
  readonly state = mkdtempSync(path.join(tmpdir(), 'rollout-'));
  readonly messages: string[] = [];
  /** What the test of a version throws. */
  failing: ReadonlySet<string> = new Set();
  private readonly s3: S3Client;
  private readonly sagemaker: SageMakerClient;
  private readonly cloudwatch: CloudWatchClient;
  private handler: Handler | undefined;

  private constructor(bench: Bench) {
    this.bench = bench;
    this.s3 = new S3Client({ ...bench.client, forcePathStyle: true });
    this.sagemaker = new SageMakerClient(bench.client);
    this.cloudwatch = new CloudWatchClient(bench.client);
  }

  static async open({ speed = 1, revalidateMs = 0 }: RolloutWorldOptions = {}): Promise<RolloutWorld> {
    const made: { world?: RolloutWorld } = {};
    const target = { target: 'production', url: 'https://production.example', bucket: names.bucket, key: names.key, stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:production-rollout' };
    const Outputs = [...outputs.map((OutputKey) => ({ OutputKey, OutputValue: OutputKey === 'ModelPackageGroupName' ? names.group : OutputKey === 'PipelineName' ? 'flights' : 'x' })),
      { OutputKey: 'ProductionApiUrl', OutputValue: target.url }, { OutputKey: 'ProductionTarget', OutputValue: JSON.stringify(target) }];
    const bench = await openBench({
      modules: [createS3, createSageMaker, createCloudWatch, createStates, createSts],
      services: [
        { name: 'events', operations: { PutEvents: () => ({}) } },
        { name: 'cloudformation', operations: { DescribeStacks: () => ({ Stacks: [{ StackName: 'app', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }] }) } },
        { name: 'sns', operations: { Publish: ({ Subject }: { Subject: string }) => ({ MessageId: String(made.world!.messages.push(Subject)) }) } },
        { name: 'lambda', operations: { Invoke: (input: { FunctionName: string; Payload: Uint8Array }) => made.world!.invoke(input) } },
      ],
      ...(speed === 1 ? {} : { clock: pacedClock(speed, Date.now()) }),
    });
    const world = (made.world = new RolloutWorld(bench));
    await writeLaptopFile(world.state, { awsEndpoint: bench.client.endpoint, credentials: bench.client.credentials, region: 'us-east-1', apis: {}, pid: process.pid });
    await bench.provision('AWS::S3::Bucket', 'Artifacts', { BucketName: names.bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await bench.provision('AWS::SageMaker::ModelPackageGroup', 'Group', { ModelPackageGroupName: names.group });
    const alarm = canaryAlarm();
    await bench.provision('AWS::CloudWatch::Alarm', 'CanaryErrorRate', { ...alarm, AlarmName: 'canary-errors' });
    const invoked = (name: string) => ({ functionArn: functionArn(name), timeoutSeconds: 120 });
    await bench.provision('AWS::StepFunctions::StateMachine', 'Machine', {
      StateMachineName: 'production-rollout', RoleArn: role,
      DefinitionString: JSON.stringify(rolloutMachine({ partition: 'aws', targetName: 'production', rollOut: invoked('roll-out'), smokeTest: invoked('smoke-test'), revalidateSeconds: revalidateMs / 1000, alarmNames: ['canary-errors'], topicArn: names.topic, timeoutSeconds: 1_000_000 })),
    });
    await bench.ready();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: bench.client.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: bench.client.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: bench.client.credentials.secretAccessKey,
      RECORD_BUCKET: names.bucket, RECORD_KEY: names.key, ROLLOUT_PLAN: '{"kind":"allAtOnce"}', POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true',
    });
    vi.resetModules();
    world.handler = (await import('../../lambda/roll-out/handler.ts')).handler as unknown as Handler;
    return world;
  }

  async close(): Promise<void> {
    for (const client of [this.s3, this.sagemaker, this.cloudwatch]) client.destroy();
    await this.bench.close();
    rmSync(this.state, { recursive: true, force: true });
  }

  /** Registers the next version. */
  async register(version: number, approval: 'Approved' | 'PendingManualApproval' = 'Approved'): Promise<void> {
    const [Key, content] = [`models/flights/run-${String(version)}/model.tar.gz`, `model ${String(version)}`];
    await this.s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: content }));
    await this.sagemaker.send(new CreateModelPackageCommand({ ModelPackageGroupName: names.group, SourceUri: `s3://${names.bucket}/${Key}`, ModelApprovalStatus: approval, CustomerMetadataProperties: { artifactSha256: sha256(content), 'metric.auc': '0.75' } }));
  }

  async approve(version: number): Promise<void> {
    await this.sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/${names.group}/${String(version)}`, ModelApprovalStatus: 'Approved' }));
  }

  /** Runs a command of the command line. */
  cli(...args: string[]): ReturnType<typeof slipway> {
    return slipway(...args, '--state', this.state);
  }

  /** The JSON that a command answers. */
  async json(...args: string[]): Promise<Record<string, unknown>> {
    const { stdout, error } = await this.cli(...args, '--json');
    if (error !== undefined) throw new Error(error);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async record(): Promise<DeploymentRecord> {
    const { Body: body } = await this.s3.send(new GetObjectCommand({ Bucket: names.bucket, Key: names.key }));
    return recordSchema.parse(JSON.parse((await body?.transformToString()) ?? ''));
  }

  /** A server that follows the record, on the laptop's time. */
  server(revalidateMs: number, random: () => number): LiveModels {
    const { clock } = this.bench.context;
    return new LiveModels({
      readRecord: async () => ({ kind: 'record', record: await this.record(), etag: '' }),
      load: () => Promise.resolve({ close: () => Promise.resolve() } as unknown as LoadedModel),
      now: () => clock.now().getTime(),
      random,
      onFailure: (_what, error) => { throw error; },
      onLoaded: () => undefined,
    }, revalidateMs);
  }

  /** Reports requests of a version, as a server does. */
  async report(version: string, part: string, requests: number, errors: number, latencyMs = 5): Promise<void> {
    const sets = [{ [servingDimensions.target]: 'production', [servingDimensions.role]: part }, { [servingDimensions.target]: 'production', [servingDimensions.modelVersion]: version }];
    const metric = (MetricName: string, counts: readonly (readonly [value: number, count: number])[]) => {
      const some = counts.filter(([, count]) => count > 0);
      return sets.map((set) => ({ MetricName, Values: some.map(([value]) => value), Counts: some.map(([, count]) => count), Dimensions: Object.entries(set).map(([Name, Value]) => ({ Name, Value })) }));
    };
    await this.cloudwatch.send(new PutMetricDataCommand({
      Namespace: metricsNamespace,
      MetricData: [...metric(servingMetrics.requests, [[1, requests]]), ...metric(servingMetrics.errors, [[1, errors], [0, requests - errors]]), ...metric(servingMetrics.latency, [[latencyMs, requests]])],
    }));
  }

  private async invoke({ FunctionName: name, Payload: payload }: { readonly FunctionName: string; readonly Payload: Uint8Array }): Promise<Record<string, unknown>> {
    const event = JSON.parse(Buffer.from(payload).toString()) as { model: { modelVersion: string } };
    try {
      if (!name.endsWith(':smoke-test')) return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(await this.handler!(event, context))) };
      const { modelVersion } = event.model;
      if (this.failing.has(modelVersion)) throw Object.assign(new Error(`version ${modelVersion} answered 500`), { name: 'SmokeTestFailed' });
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify({ url: 'u', input: {}, prediction: 1, modelVersion, latencyMs: 1 })) };
    } catch (error) {
      const { name: errorType, message: errorMessage } = error as Error;
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorType, errorMessage })) };
    }
  }
}

/** The alarm on failed requests of an API's canary, as its template has it. */
function canaryAlarm(): Record<string, unknown> {
  const stack = testStack();
  new InferenceApi(stack, 'Production', { platform: new ModelPlatform(stack, 'Platform') });
  const [, alarm] = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).find(([id]) => id.includes('CanaryErrorRate'))!;
  return { ...(alarm['Properties'] as Record<string, unknown>), AlarmActions: [] };
}
