import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ModelPlatformProps } from '../platform/model-platform-props.ts';
import { ModelPlatform } from '../platform/model-platform.ts';
import { validate } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import type { IModelRegistry, ModelRegistryProps } from '../registry/model-registry.ts';
import { ModelRegistry } from '../registry/model-registry.ts';

/** What a `PlatformStack` is made of. */
export interface PlatformStackProps extends StackProps {
  /**
   * Buckets, notifications, budget.
   * @default - the defaults of ModelPlatform
   */
  readonly platform?: ModelPlatformProps;

  /**
   * The registry.
   * @default - the defaults of ModelRegistry
   */
  readonly registry?: ModelRegistryProps;

  /**
   * A model package group that exists already, such as the one that an earlier stack left: the pipeline goes on with its versions.
   * Instead of `registry`.
   * @default - a new group
   */
  readonly existingModelPackageGroupName?: string;
}

/** The ground that the other stacks stand on: deployed first. */
export class PlatformStack extends Stack {
  /** Buckets, notifications, budget. */
  readonly platform: ModelPlatform;
  /** The registry. */
  readonly registry: IModelRegistry;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: PlatformStackProps = {}) {
    super(scope, id, props);
    validate(this, [validateRegistry(props)]);
    this.platform = new ModelPlatform(this, 'Platform', props.platform ?? {});
    this.registry =
      props.existingModelPackageGroupName === undefined
        ? new ModelRegistry(this, 'Registry', { ...props.registry, removalPolicy: props.registry?.removalPolicy ?? this.platform.removalPolicy })
        : ModelRegistry.fromModelPackageGroupName(this, 'Registry', props.existingModelPackageGroupName);
    new CfnOutput(this, 'DataBucketName', { value: this.platform.dataBucket.bucketName, description: 'Takes training data, under raw/<pipeline>/.' });
    new CfnOutput(this, 'ArtifactBucketName', { value: this.platform.artifactBucket.bucketName, description: 'Holds models, reports and deployment records.' });
    new CfnOutput(this, 'ModelPackageGroupName', { value: this.registry.modelPackageGroupName, description: 'Holds the registered models.' });
    new CfnOutput(this, 'NotificationTopicArn', { value: this.platform.notificationTopic.topicArn, description: 'Tells what became of runs and of the budget.' });
  }
}

function validateRegistry({ registry, existingModelPackageGroupName }: PlatformStackProps): Finding {
  if (registry === undefined || existingModelPackageGroupName === undefined) return undefined;
  return 'registry and existingModelPackageGroupName are both set, expected one: props are for a new group.';
}
