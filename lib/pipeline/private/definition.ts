import { Stack } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { Split } from '../../../model/spec/split.ts';
import { trainingPipeline } from '../../../stepfunctions/training-pipeline.ts';
import type { AslValue, InvokedFunction, ReleaseProps, StateMachineDefinition, TrainingJob, TuningJob } from '../../../stepfunctions/training-pipeline.ts';
import type { HandlerFunction } from '../../private/handler-function.ts';
import type { AlgorithmConfig } from '../../training/algorithm.ts';
import { pipelineDefaults } from '../defaults.ts';
import type { TrainingPipelineProps } from '../training-pipeline-props.ts';
import type { PipelineFunctions } from './functions.ts';
import { jobTags } from './job-tags.ts';
import { renderRegistration } from './registration.ts';
import { hasLocalStorage } from './local-storage.ts';
import type { ReleaseFunctions } from './release-functions.ts';

/** What a pipeline's definition is rendered from. */
export interface DefinitionParts {
  readonly props: TrainingPipelineProps;
  readonly pipelineName: string;
  readonly functions: PipelineFunctions;
  /** Undefined where there is no production. */
  readonly release: ReleaseFunctions | undefined;
  readonly algorithm: AlgorithmConfig;
  readonly jobNamePrefix: string;
  readonly tuning?: TuningJob | undefined;
  readonly trainingRole: IRole;
  readonly securityGroups: readonly ISecurityGroup[];
  /** The state machine itself, asked for when its tags are known. */
  readonly stateMachine: () => CfnStateMachine;
}

/** The definition of a pipeline's state machine, with its defaults filled in. */
export function renderDefinition(scope: Construct, parts: DefinitionParts): StateMachineDefinition {
  const { props, functions, pipelineName } = parts;
  return trainingPipeline({
    partition: Stack.of(scope).partition,
    pipelineName,
    artifactBucket: props.platform.artifactBucket.bucketName,
    endpointUrl: props.target.url,
    functions: {
      validateData: invoked(functions.validateData),
      prepareData: invoked(functions.prepareData),
      convertModel: invoked(functions.convertModel),
      validateModel: invoked(functions.validateModel),
      registerModel: invoked(functions.registerModel),
      deployModel: invoked(functions.deployModel),
      smokeTest: invoked(functions.smokeTest),
      notify: invoked(functions.notify),
    },
    ...renderRelease(parts),
    training: renderTraining(parts),
    ...(parts.tuning === undefined ? {} : { tuning: parts.tuning }),
    schema: json(props.dataset),
    features: json(props.features),
    split: json(props.split ?? Split.byRowHash()),
    gates: json(props.gates ?? []),
    checks: json(resolveChecks((props.checks ?? []).map((check) => check.toJSON()))),
    maximumBytes: (props.maximumDataSize ?? pipelineDefaults.maximumDataSize).toBytes(),
    registration: renderRegistration(props),
    timeoutSeconds: (props.timeout ?? pipelineDefaults.timeout).toSeconds(),
  });
}

function renderRelease({ props, release }: DefinitionParts): { readonly release?: ReleaseProps } {
  if (release === undefined || props.productionTarget === undefined) return {};
  const { requestApproval } = release;
  const timeoutSeconds = props.approval?.timeout?.toSeconds();
  return {
    release: {
      endpointUrl: props.productionTarget.url,
      ...(requestApproval === undefined || timeoutSeconds === undefined ? {} : { approval: { requestApproval: invoked(requestApproval), timeoutSeconds } }),
      releaseModel: invoked(release.releaseModel),
      smokeTest: invoked(release.smokeTest),
    },
  };
}

function renderTraining({ props, pipelineName, algorithm, jobNamePrefix, trainingRole, securityGroups, stateMachine }: DefinitionParts): TrainingJob {
  const { encryptionKey } = props.platform;
  const instanceType = props.instanceType ?? pipelineDefaults.instanceType;
  const volumeKey = hasLocalStorage(instanceType) ? undefined : encryptionKey;
  return {
    jobNamePrefix,
    roleArn: trainingRole.roleArn,
    image: algorithm.image,
    hyperParameters: algorithm.hyperParameters,
    ...(algorithm.classesHyperParameter === undefined ? {} : { classesHyperParameter: algorithm.classesHyperParameter }),
    contentType: algorithm.contentType,
    instanceType,
    instanceCount: props.instanceCount ?? pipelineDefaults.instanceCount,
    // The container gets its data from SageMaker and needs no network of its own.
    networkIsolation: true,
    interContainerEncryption: false,
    volumeSizeGb: (props.volumeSize ?? pipelineDefaults.volumeSize).toGibibytes(),
    maxRuntimeSeconds: (props.maxTrainingTime ?? pipelineDefaults.maxTrainingTime).toSeconds(),
    ...(encryptionKey === undefined ? {} : { outputKeyArn: encryptionKey.keyArn }),
    ...(volumeKey === undefined ? {} : { volumeKeyArn: volumeKey.keyArn }),
    ...(props.vpc === undefined
      ? {}
      : {
          network: {
            subnetIds: props.vpc.selectSubnets(props.vpcSubnets ?? {}).subnetIds,
            securityGroupIds: securityGroups.map((group) => group.securityGroupId),
          },
        }),
    tags: jobTags(stateMachine, pipelineName) as unknown as AslValue,
  };
}

const invoked = (handler: HandlerFunction): InvokedFunction => ({
  functionArn: handler.function.functionArn,
  timeoutSeconds: handler.timeout.toSeconds(),
});

/** A declaration as the JSON that its `toJSON` gives. */
function json(declaration: unknown): AslValue {
  return JSON.parse(JSON.stringify(declaration)) as AslValue;
}
