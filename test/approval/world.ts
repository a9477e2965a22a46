import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateModelPackageCommand, type ModelApprovalStatus, SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput, RedriveExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { vi } from 'vitest';
import type { Output } from '../../local/core/call.ts';
import type { Clock } from '../../local/core/context.ts';
import { createEvents } from '../../local/services/events/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { createSageMaker } from '../../local/services/sagemaker/index.ts';
import { createStates } from '../../local/services/states/index.ts';
import type { Json } from '../../local/states/index.ts';
import { sha256 } from '../../lambda/shared/digest.ts';
import { openBench, role } from '../local/services/harness.ts';
import type { Bench } from '../local/services/harness.ts';
import { fakes } from '../stepfunctions/fakes.ts';
import { rolloutMachine } from '../../stepfunctions/rollout.ts';
import { definition } from '../stepfunctions/fixture.ts';
import { context } from '../lambda/support/fake-aws.ts';

type Handler = (event: unknown, context: object) => Promise<unknown>;

/** How a world is. */
export interface WorldOptions {
  /** @default 'manual' */
  readonly approval?: 'manual' | 'automatic';
  readonly timeoutSeconds?: number;
  readonly clock?: Clock;
}

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const rolloutArn = (target: string): string => `arn:aws:states:us-east-1:000000000000:stateMachine:${target}-rollout`;
const names = { artifacts: 'artifacts', pipeline: 'flights', record: 'deployments/production.json', topic: 'arn:aws:sns:us-east-1:000000000000:news' };

/** The handlers of approval and release, as they are, behind the laptop's own states, registry, events and S3; what comes before them is faked. */
export class ApprovalWorld {
  readonly bench: Bench;
  /** Messages that were published: subject and text. */
  readonly messages: { readonly subject: string; readonly text: string }[] = [];
  /** Answers of decide-approval to events. */
  readonly decided: unknown[] = [];
  /** What production's smoke test of a version answers; it may throw. */
  smokeTest: (payload: Record<string, Json>) => Json = () => ({ url: 'https://production.example/predict', input: {}, prediction: 0.2, modelVersion: '1', latencyMs: 5 });
  /** Called before each call of a function; it may throw. */
  before: ((name: string) => void | Promise<void>) | undefined;
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly sfn: SFNClient;
  private readonly handlers: Readonly<Record<string, Handler>>;
  private readonly working = new Set<Promise<unknown>>();
  private machine = '';

  private constructor(bench: Bench, handlers: Readonly<Record<string, Handler>>) {
    this.bench = bench;
    this.handlers = handlers;
    this.s3 = new S3Client({ ...bench.client, forcePathStyle: true });
    this.sagemaker = new SageMakerClient(bench.client);
    this.sfn = new SFNClient(bench.client);
  }

  static async open({ approval = 'manual', timeoutSeconds = 604_800, clock }: WorldOptions = {}): Promise<ApprovalWorld> {
    const made: { world?: ApprovalWorld } = {};
    const bench = await openBench({
      modules: [createS3, createSageMaker, createEvents, createStates],
      services: [
        { name: 'lambda', operations: { Invoke: (input: Invocation) => made.world!.invoke(input) } },
        { name: 'sns', operations: { Publish: ({ Subject, Message }: { Subject: string; Message: string }) => ({ MessageId: String(made.world!.messages.push({ subject: Subject, text: Message })) }) } },
      ],
      ...(clock === undefined ? {} : { clock }),
    });
    const world = new ApprovalWorld(bench, await loadHandlers(bench));
    made.world = world;
    await bench.provision('AWS::S3::Bucket', 'Artifacts', { BucketName: names.artifacts, VersioningConfiguration: { Status: 'Enabled' } });
    await bench.provision('AWS::SageMaker::ModelPackageGroup', 'Group', { ModelPackageGroupName: names.pipeline });
    await bench.provision('AWS::Events::Rule', 'Decided', {
      EventPattern: { source: ['aws.sagemaker'], 'detail-type': ['SageMaker Model Package State Change'], detail: { ModelPackageGroupName: [names.pipeline] } },
      Targets: [{ Id: 'decide', Arn: functionArn('decide-approval') }],
    });
    const invoked = (name: string) => ({ functionArn: functionArn(name), timeoutSeconds: 120 });
    await bench.provision('AWS::StepFunctions::StateMachine', 'Production', {
      StateMachineName: 'production-rollout', RoleArn: role,
      DefinitionString: JSON.stringify(rolloutMachine({ partition: 'aws', targetName: 'production', rollOut: invoked('roll-out'), smokeTest: invoked('smoke-test'), revalidateSeconds: 0, alarmNames: [], topicArn: names.topic, timeoutSeconds: 1_000_000 })),
    });
    // Staging is all well, each time.
    await bench.provision('AWS::StepFunctions::StateMachine', 'Staging', {
      StateMachineName: 'staging-rollout', RoleArn: role, DefinitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Test', States: { Test: { Type: 'Task', Resource: functionArn('staging'), End: true } } }),
    });
    const machine = definition({
      rollout: { stateMachineArn: rolloutArn('staging'), planSeconds: 0 },
      release: {
        endpointUrl: 'https://production.example', releaseModel: invoked('release-model'), rollout: { stateMachineArn: rolloutArn('production'), planSeconds: 0 },
        ...(approval === 'manual' ? { approval: { requestApproval: invoked('request-approval'), timeoutSeconds } } : {}),
      },
    });
    // A function in place of the training job: its result is the job's description.
    const states = { ...machine.States, TrainModel: { ...machine.States['TrainModel'], Resource: functionArn('train') } };
    const text = JSON.stringify({ ...machine, States: states }).replaceAll('123456789012', '000000000000');
    const { physicalId } = await bench.provision('AWS::StepFunctions::StateMachine', 'Machine', { StateMachineName: 'flights', RoleArn: role, DefinitionString: text });
    world.machine = physicalId;
    return world;
  }

  async close(): Promise<void> {
    for (const client of [this.s3, this.sagemaker, this.sfn]) client.destroy();
    await this.bench.close();
  }

  /** Starts a run. @returns its execution ARN */
  async start(name: string): Promise<string> {
    const { executionArn = '' } = await this.sfn.send(new StartExecutionCommand({ stateMachineArn: this.machine, name, input: '{"dataset":{"bucket":"data","key":"raw/flights/a.parquet"}}' }));
    return executionArn;
  }

  /** Starts a run, and waits until it asks people to decide on its version. */
  async startAndAsk(name: string, version: number): Promise<string> {
    const executionArn = await this.start(name);
    await this.until(() => this.asked(version) > 0, `${name} to ask`);
    return executionArn;
  }

  /** How often people were asked to decide on a version. */
  asked(version: number): number {
    return this.messages.filter(({ subject }) => subject === `flights: version ${String(version)} waits for approval`).length;
  }

  /** Waits for the end of a run, and of what it set off. */
  async ended(executionArn: string): Promise<DescribeExecutionCommandOutput & { readonly parsed: Record<string, unknown> }> {
    let execution = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    await this.until(async () => (execution = await this.sfn.send(new DescribeExecutionCommand({ executionArn }))).status !== 'RUNNING', `${executionArn} to end`);
    await this.idle();
    return { ...execution, parsed: JSON.parse(execution.output ?? '{}') as Record<string, unknown> };
  }

  async redrive(executionArn: string): Promise<void> {
    await this.sfn.send(new RedriveExecutionCommand({ executionArn }));
  }

  /** Decides as the console does, under the name of a person. */
  async decide(version: number, status: ModelApprovalStatus, who: string, reason?: string): Promise<void> {
    const credentials = this.bench.context.identity.credentialsFor('arn:aws:iam::000000000000:role/reviewers', who);
    const client = new SageMakerClient({ ...this.bench.client, credentials });
    await client.send(new UpdateModelPackageCommand({ ModelPackageArn: arnOf(version), ModelApprovalStatus: status, ...(reason === undefined ? {} : { ApprovalDescription: reason }) }));
    client.destroy();
  }

  /** Waits until nothing is under way: no function, no event. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await pause(5);
      if (this.working.size > 0) quiet = -1;
      await Promise.allSettled(this.working);
    }
  }

  async json(key: string): Promise<Record<string, unknown> | undefined> {
    try {
      const { Body: body } = await this.s3.send(new GetObjectCommand({ Bucket: names.artifacts, Key: key }));
      return JSON.parse((await body?.transformToString()) ?? '') as Record<string, unknown>;
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** The version that production serves; undefined before the first one. */
  async served(): Promise<string | undefined> {
    return ((await this.json(names.record)) as { stable: { modelVersion: string } } | undefined)?.stable.modelVersion;
  }

  /** The versions that production served one after the other. */
  async deployments(): Promise<string[]> {
    const { Versions: versions = [] } = await this.s3.send(new ListObjectVersionsCommand({ Bucket: names.artifacts, Prefix: names.record }));
    const records = await Promise.all(versions.toReversed().map(async ({ VersionId }) => (await this.s3.send(new GetObjectCommand({ Bucket: names.artifacts, Key: names.record, VersionId }))).Body?.transformToString()));
    const served = records.map((text) => (JSON.parse(text ?? '') as { stable: { modelVersion: string } }).stable.modelVersion);
    // A deployment writes the record several times.
    return served.filter((version, index) => version !== served[index - 1]);
  }

  /** What is written down of the decisions on a version. */
  async audit(version: number): Promise<{ readonly evidence: Record<string, unknown>; readonly decisions: Record<string, unknown>[] } | undefined> {
    return (await this.json(`approvals/flights/flights/${String(version)}/audit.json`)) as never;
  }

  async until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (const since = Date.now(); !(await holds()); await pause(5)) {
      if (Date.now() - since > 15_000) throw new Error(`Waited in vain for ${what}. Messages: ${JSON.stringify(this.messages.map(({ subject }) => subject))}`);
    }
  }

  private invoke({ FunctionName: name, InvocationType: type, Payload: payload }: Invocation): Promise<Output> | Output {
    const work = this.run(name.split(':').at(-1) ?? '', JSON.parse(Buffer.from(payload).toString()) as Record<string, Json>);
    this.working.add(work);
    void work.finally(() => this.working.delete(work));
    return type === 'Event' ? { StatusCode: 202 } : work;
  }

  private async run(name: string, payload: Record<string, Json>, tries = 2): Promise<Output> {
    try {
      await this.before?.(name);
      const handler = this.handlers[name];
      const answer = handler === undefined ? await this.fake(name, payload) : await handler(payload, context);
      if (name === 'decide-approval') this.decided.push(answer);
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(answer)) };
    } catch (error) {
      // As Lambda does with an event.
      if (name === 'decide-approval' && tries > 0) return this.run(name, payload, tries - 1);
      const { name: errorType, message: errorMessage } = error as Error;
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorType, errorMessage })) };
    }
  }

  /** What comes before the release: a model, its reports, and its version in the registry. */
  private async fake(name: string, payload: Record<string, Json>): Promise<Json> {
    const run = (payload['run'] as { name: string } | undefined)?.name ?? '';
    const at = (folder: string, file: string) => `${folder}/flights/${run}/${file}`;
    const put = (key: string, body: string) => this.s3.send(new PutObjectCommand({ Bucket: names.artifacts, Key: key, Body: body }));
    if (name === 'train') return { TrainingJobName: 'job', TrainingJobArn: 'arn', TrainingJobStatus: 'Completed', HyperParameters: {}, AlgorithmSpecification: { TrainingImage: 'i' }, ModelArtifacts: { S3ModelArtifacts: 's3://artifacts/m' } };
    if (name === 'convert-model') {
      await put(at('models', 'model.tar.gz'), `the model of ${run}`);
      return { ...(fakes['convert-model'] as object), artifact: { bucket: names.artifacts, key: at('models', 'model.tar.gz'), sha256: sha256(`the model of ${run}`), bytes: 10 } };
    }
    if (name === 'validate-model') {
      await Promise.all([put(at('reports', 'evaluation.json'), `{"run":"${run}"}`), put(at('reports', 'report.html'), `<p>${run}`)]);
      return { ...(fakes['validate-model'] as object), evaluation: `s3://artifacts/${at('reports', 'evaluation.json')}`, report: `s3://artifacts/${at('reports', 'report.html')}` };
    }
    if (name === 'register-model') {
      const { ModelPackageArn: modelPackageArn = '' } = await this.sagemaker.send(new CreateModelPackageCommand({ ModelPackageGroupName: names.pipeline, ModelApprovalStatus: payload['approvalStatus'] as ModelApprovalStatus, ClientToken: sha256(run).slice(0, 36) }));
      return { modelPackageArn, modelName: 'flights', modelVersion: modelPackageArn.split('/').at(-1)!, sha256: sha256(`the model of ${run}`) };
    }
    if (name === 'staging') return fakes['staging-rollout'] as Json;
    if (name === 'smoke-test') return this.smokeTest(payload);
    return fakes[name] as Json;
  }
}

interface Invocation {
  readonly FunctionName: string;
  readonly InvocationType?: string;
  readonly Payload: Uint8Array;
}

/** The ARN of a version. */
export function arnOf(version: number): string {
  return `arn:aws:sagemaker:us-east-1:000000000000:model-package/flights/${String(version)}`;
}

/** The handlers with clients that know this bench's port: made anew for each. */
async function loadHandlers(bench: Bench): Promise<Readonly<Record<string, Handler>>> {
  const { accessKeyId, secretAccessKey } = bench.client.credentials;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: bench.client.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ARTIFACT_BUCKET: names.artifacts, PIPELINE_NAME: names.pipeline, MODEL_PACKAGE_GROUP: names.pipeline,
    RECORD_BUCKET: names.artifacts, RECORD_KEY: names.record, TOPIC_ARN: names.topic, ROLLOUT_PLAN: '{"kind":"allAtOnce"}', ROLLOUT_STATE_MACHINE_ARN: rolloutArn('production'),
    POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true',
  });
  vi.resetModules();
  const load = async (module: Promise<{ handler: unknown }>): Promise<Handler> => (await module).handler as Handler;
  return {
    'request-approval': await load(import('../../lambda/request-approval/handler.ts')),
    'decide-approval': await load(import('../../lambda/decide-approval/handler.ts')),
    'roll-out': await load(import('../../lambda/roll-out/handler.ts')),
    'release-model': await load(import('../../lambda/release-model/handler.ts')),
    notify: await load(import('../../lambda/notify/handler.ts')),
  };
}
