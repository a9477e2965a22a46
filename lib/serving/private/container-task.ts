import { Stack } from 'aws-cdk-lib';
import { Capability, ContainerImage, LinuxParameters, LogDrivers, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { ContainerDefinition, ContainerImageConfig, TaskDefinitionProps } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ModelServerEnv } from '../../../containers/model-server/env.ts';
import { prefixes } from '../../../model/spec/layout.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { acknowledge } from '../../private/acknowledgements.ts';
import { allow, allowRead, allowToMiss } from '../../private/permissions.ts';
import type { BoundServingImage } from '../../registry/private/bound-serving-image.ts';
import { allowPull } from '../../registry/private/pull.ts';
import type { ContainerServiceOptions } from '../container-service-options.ts';
import { containerDefaults, containerHealth, gpuServiceDefaults } from '../container-defaults.ts';
import type { DeploymentRecordLocation } from '../serving-target.ts';

/** What a `ContainerTask` is made of. */
export interface ContainerTaskProps {
  readonly platform: IModelPlatform;
  readonly targetName: string;
  readonly record: DeploymentRecordLocation;
  readonly image: BoundServingImage;
  readonly options: ContainerServiceOptions;
  /** On what it runs, and how large it is. */
  readonly task: Pick<TaskDefinitionProps, 'compatibility' | 'cpu' | 'memoryMiB' | 'ephemeralStorageGiB' | 'runtimePlatform' | 'networkMode'>;
  /** GPUs, and with them models that take longer to load. */
  readonly gpuCount?: number;
}

/** The task that serves: a container that follows its deployment record, as nobody in particular, on a file system that it cannot write to but for /tmp. */
export class ContainerTask extends Construct {
  readonly definition: TaskDefinition;
  readonly container: ContainerDefinition;
  readonly taskRole: IRole;
  readonly executionRole: IRole;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: ContainerTaskProps) {
    super(scope, id);
    const { platform, options, image } = props;
    this.logGroup = options.logGroup ?? new LogGroup(this, 'Logs', { retention: platform.logRetention, removalPolicy: platform.logRemovalPolicy });
    this.taskRole = options.taskRole ?? this.createRole('TaskRole', `Runs the containers of ${props.targetName}.`);
    this.executionRole = options.executionRole ?? this.createRole('ExecutionRole', `Starts the containers of ${props.targetName}.`);
    this.definition = new TaskDefinition(this, 'Resource', { ...props.task, taskRole: this.taskRole, executionRole: this.executionRole });
    acknowledge(this.definition, 'ECS2', 'The variables name the deployment record and settings, which are no secrets; secrets go by the prop of that name.');
    this.definition.addVolume({ name: scratch });
    this.container = this.addContainer(props);
    this.container.addMountPoints({ sourceVolume: scratch, containerPath: '/tmp', readOnly: false });
    if (image.repositoryArn !== undefined) allowPull(this.executionRole, image.repositoryArn);
    this.grantServe(props);
  }

  private addContainer(props: ContainerTaskProps): ContainerDefinition {
    const { options, image, targetName, record } = props;
    const { executeCommand = containerDefaults.executeCommand, maxBatchRows = containerDefaults.maxBatchRows, revalidateAfter = containerDefaults.revalidateAfter } = options;
    const environment: ModelServerEnv = {
      RECORD_BUCKET: record.bucket.bucketName,
      RECORD_KEY: record.key,
      REVALIDATE_SECONDS: String(revalidateAfter.toSeconds()),
      TARGET_NAME: targetName,
      MAX_BATCH_ROWS: String(maxBatchRows),
    };
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    // The agent for a shell runs as root, with what root may do.
    if (!executeCommand) linuxParameters.dropCapabilities(Capability.ALL);
    return this.definition.addContainer('Server', {
      containerName: 'server',
      image: new NamedImage(image.spec.image),
      environment: { ...image.spec.environment, ...options.environment, ...(environment as Record<string, string>) },
      ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
      user: options.user ?? containerDefaults.user,
      readonlyRootFilesystem: !executeCommand,
      linuxParameters,
      portMappings: [{ containerPort: containerDefaults.port }],
      healthCheck: {
        ...containerHealth,
        command: ['CMD', ...(options.healthCommand ?? containerHealth.command)],
        startPeriod: props.gpuCount === undefined ? containerHealth.startPeriod : gpuServiceDefaults.healthStartPeriod,
      },
      stopTimeout: containerDefaults.stopTimeout,
      logging: LogDrivers.awsLogs({ logGroup: this.logGroup, streamPrefix: targetName }),
      ...(props.gpuCount === undefined ? {} : { gpuCount: props.gpuCount }),
    });
  }

  private grantServe({ record: { bucket, key }, options }: ContainerTaskProps): void {
    allowRead(this.taskRole, bucket, key);
    allowRead(this.taskRole, bucket, `${prefixes.models}*`);
    // Before the first deployment there is no record, and the answer is "not ready" instead of "denied".
    allowToMiss(this.taskRole, bucket);
    if (options.executeCommand !== true) return;
    allow(this.taskRole, {
      actions: ['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
      resources: ['*'],
      wildcard: 'The channels of a shell know no resources: they can only be allowed on *.',
    });
  }

  private createRole(id: string, description: string): Role {
    return new Role(this, id, { description, assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }) });
  }
}

const scratch = 'scratch';

/** An image by its name alone: the right to pull it is granted here, which CDK's own class would warn of. */
class NamedImage extends ContainerImage {
  private readonly imageName: string;

  constructor(imageName: string) {
    super();
    this.imageName = imageName;
  }

  override bind(): ContainerImageConfig {
    return { imageName: this.imageName };
  }
}
