import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateModelCommand, DescribeEndpointCommand, DescribeEndpointConfigCommand, DescribeModelCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { App, CfnOutput } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { declaredPrograms } from '../../bin/cli/declared-programs.ts';
import { hostModules } from '../../bin/cli/programs.ts';
import { sha256 } from '../../lambda/shared/digest.ts';
import { ApiFrontDoor, EndpointVariant, PlatformStack, ServingImage, ServingStack, TargetSpec } from '../../lib/index.ts';
import { bundleRootContext } from '../../lib/private/handler-bundle.ts';
import { startLaptop, type Laptop } from '../../local/index.ts';
import { rows } from '../contract/cases.ts';
import { modelName, packContractModel } from '../contract/model.ts';
import { maximumRows } from '../contract/target.ts';
import { flags } from '../lib/support.ts';
import { builtBundles } from './pipeline-app.ts';

/** How a client of AWS reaches the laptop. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Laptop['credentials'];
}

/** An app of every target on the laptop, each with the contract's model deployed to it by its rollout. */
export interface ServedTargets {
  readonly client: ClientConfig;
  /** Where a target is asked. */
  readonly urlOf: (target: string) => string;
  readonly artifacts: { readonly bucket: string; readonly modelKey: string };
  /** The name of a target's endpoint in SageMaker. */
  readonly endpointNameOf: (target: string) => string;
  /** A model of SageMaker's for batch transform. */
  readonly transformModel: string;
  close(): Promise<void>;
}

const batch = { MAX_BATCH_ROWS: String(maximumRows) };

/** Every target of a kind of its own, with the rows that the contract's suite expects of one batch. */
const targets = (): TargetSpec[] => [
  TargetSpec.api({ targetName: 'http', maxBatchRows: maximumRows }),
  TargetSpec.api({ targetName: 'rest', maxBatchRows: maximumRows, frontDoor: ApiFrontDoor.restApi() }),
  TargetSpec.api({ targetName: 'url', maxBatchRows: maximumRows, frontDoor: ApiFrontDoor.functionUrl() }),
  TargetSpec.api({ targetName: 'stream', maxBatchRows: maximumRows, frontDoor: ApiFrontDoor.functionUrl({ streaming: true }) }),
  TargetSpec.service({ targetName: 'service', maxBatchRows: maximumRows }),
  TargetSpec.endpoint({ targetName: 'real-time', variant: EndpointVariant.instances('ml.c7g.large'), image: ServingImage.modelServer({ environment: batch }) }),
  TargetSpec.endpoint({ targetName: 'serverless', variant: EndpointVariant.serverless(), image: ServingImage.modelServer({ architecture: Architecture.X86_64, environment: batch }) }),
];

/** What the stack's output says of a target: what the command line finds it by. */
interface Reference {
  readonly target: string;
  readonly url: string;
  readonly bucket: string;
  readonly key: string;
  readonly stateMachineArn: string;
}

/** Brings the app up, and deploys the contract's model to each target as `slipway deploy` does. */
export async function serveTargets(): Promise<ServedTargets> {
  const directory = mkdtempSync(path.join(tmpdir(), 'targets-'));
  const assembly = path.join(directory, 'cdk.out');
  const archive = path.join(directory, 'model.tar.gz');
  const context = { ...flags, [bundleRootContext]: builtBundles(directory), 'aws:cdk:enable-path-metadata': true };
  const app = new App({ outdir: assembly, analyticsReporting: false, builtinCloudFormationValidation: false, context });
  const env = { region: 'us-east-1' };
  const { platform } = new PlatformStack(app, 'Platform', { env });
  const stack = new ServingStack(app, 'Serving', { env, platform, targets: targets() });
  const role = new Role(stack, 'Transform', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  platform.artifactBucket.grantReadWrite(role);
  new CfnOutput(stack, 'TransformRole', { value: role.roleArn });
  app.synth();
  await packContractModel(archive);
  // Fast, but slow enough for a container to come up within the minutes that its rollout gives it.
  const laptop = await startLaptop({ assembly, stateDirectory: path.join(directory, 'state'), programs: await declaredPrograms(assembly), hostModules: hostModules(), clockSpeed: 10 });
  const close = async (): Promise<void> => {
    await laptop.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const client = { endpoint: laptop.awsEndpoint, region: laptop.region, credentials: laptop.credentials };
    const outputs = new Map(laptop.summary.stacks.flatMap(({ outputs: found }) => found).map(({ key, value }) => [key, value]));
    const references = new Map([...outputs].filter(([key]) => /^(?!Export).*Target$/.test(key)).map(([, value]) => JSON.parse(value) as Reference).map((each) => [each.target, each]));
    const artifacts = { bucket: references.get('http')!.bucket, modelKey: 'models/trips/run-1/model.tar.gz' };
    const bytes = readFileSync(archive);
    await new S3Client({ ...client, forcePathStyle: true }).send(new PutObjectCommand({ Bucket: artifacts.bucket, Key: artifacts.modelKey, Body: bytes }));
    const model = {
      modelPackageArn: `arn:aws:sagemaker:us-east-1:${laptop.accountId}:model-package/${modelName}/1`, modelName, modelVersion: '1',
      artifact: { bucket: artifacts.bucket, key: artifacts.modelKey, sha256: sha256(bytes) },
    };
    const states = new SFNClient(client);
    await Promise.all([...references.values()].map(({ stateMachineArn }) => deploy(states, stateMachineArn, model)));
    const endpointNameOf = (target: string): string => /endpoints\/([^/]+)\/invocations$/.exec(references.get(target)!.url)![1]!;
    const transformModel = await modelFor(new SageMakerClient(client), endpointNameOf('real-time'), outputs.get('TransformRole')!);
    return { client, urlOf: (target) => references.get(target)!.url, artifacts, endpointNameOf, transformModel, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws Error with what the rollout says, where it does not end well */
async function deploy(states: SFNClient, stateMachineArn: string, model: object): Promise<void> {
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ action: 'deploy', model, rows: [rows[1]] }) }));
  for (;;) {
    const { status, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Error(`${stateMachineArn} ended as ${status ?? ''}: ${error ?? ''} ${cause ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The model that an endpoint was made of, under a role that may read and write the objects of batch transform. */
async function modelFor(sagemaker: SageMakerClient, endpointName: string, roleArn: string): Promise<string> {
  const { EndpointConfigName } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName }));
  const { ProductionVariants } = await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
  const { PrimaryContainer } = await sagemaker.send(new DescribeModelCommand({ ModelName: ProductionVariants![0]!.ModelName }));
  await sagemaker.send(new CreateModelCommand({ ModelName: 'transform', ExecutionRoleArn: roleArn, PrimaryContainer }));
  return 'transform';
}
