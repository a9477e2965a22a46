import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PipelineLayout } from '../../../model/spec/layout.ts';
import type { DecideApprovalEnv } from '../../../lambda/decide-approval/env.ts';
import type { ReleaseModelEnv } from '../../../lambda/release-model/env.ts';
import type { RequestApprovalEnv } from '../../../lambda/request-approval/env.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow, allowKey, allowRead, allowToMiss, allowWrite } from '../../private/permissions.ts';
import type { IModelRegistry } from '../../registry/model-registry.ts';
import { allowOnVersions } from '../../registry/private/versions.ts';
import type { IServingTarget } from '../../serving/serving-target.ts';
import { smallFunctionMemoryMiB, smallFunctionTimeout } from '../defaults.ts';

/** What the functions of a release are made of. */
export interface ReleaseFunctionsProps {
  readonly pipelineName: string;
  readonly platform: IModelPlatform;
  readonly registry: IModelRegistry;
  /** What serves production. */
  readonly target: IServingTarget;
  /** How long a run waits for a person; undefined where none is asked. */
  readonly approvalTimeout: Duration | undefined;
  readonly architecture: Architecture;
  readonly tracing: boolean;
  readonly deadLetterQueue: IQueue;
}

/** The functions that bring a model from staging to production, each with the least that it needs. */
export class ReleaseFunctions extends Construct {
  /** Asks people for a decision; undefined where none is asked for. */
  readonly requestApproval?: HandlerFunction;
  /** Makes production serve the highest approved version, for a run. */
  readonly releaseModel: HandlerFunction;
  /** Carries out what a person decided in the registry. */
  readonly decideApproval: HandlerFunction;

  private readonly settings: ReleaseFunctionsProps;
  private readonly layout: PipelineLayout;

  constructor(scope: Construct, id: string, props: ReleaseFunctionsProps) {
    super(scope, id);
    this.settings = props;
    this.layout = new PipelineLayout(props.pipelineName);
    const { pipelineName, platform, registry, target } = props;
    const topic = { TOPIC_ARN: platform.notificationTopic.topicArn };
    const run = { ARTIFACT_BUCKET: platform.artifactBucket.bucketName, PIPELINE_NAME: pipelineName };
    const release: ReleaseModelEnv = {
      ...run,
      MODEL_PACKAGE_GROUP: registry.modelPackageGroupName,
      RECORD_BUCKET: target.record.bucket.bucketName,
      RECORD_KEY: target.record.key,
      ROLLOUT_PLAN: JSON.stringify(target.rollout.plan),
    };

    if (props.approvalTimeout !== undefined) {
      this.requestApproval = this.create('RequestApproval', 'request-approval', 'Asks people whether a model may serve production.', { ...run, ...topic } satisfies RequestApprovalEnv);
      this.allowApprovals(this.requestApproval.role);
      allowRead(this.requestApproval.role, platform.artifactBucket, `${this.layout.reports}*`);
      allowOnVersions(this, registry, this.requestApproval.role, ['sagemaker:DescribeModelPackage']);
      this.allowAnswer(this.requestApproval.role);
      this.allowTell(this.requestApproval.role);
    }

    this.releaseModel = this.create('ReleaseModel', 'release-model', 'Makes production serve the highest approved model.', { ...release });
    this.allowApprovals(this.releaseModel.role);
    allowRead(this.releaseModel.role, platform.artifactBucket, `${this.layout.reports}*`);
    this.allowRelease(this.releaseModel.role);

    this.decideApproval = this.create('DecideApproval', 'decide-approval', 'Carries out what people decide on models in the registry.', { ...release, ...topic, ROLLOUT_STATE_MACHINE_ARN: target.rollout.stateMachine.stateMachineArn } satisfies DecideApprovalEnv, { deadLetterQueue: props.deadLetterQueue });
    this.allowApprovals(this.decideApproval.role);
    this.allowRelease(this.decideApproval.role);
    // Also where nobody is asked: versions of a time when somebody was may still wait.
    this.allowAnswer(this.decideApproval.role);
    this.allowTell(this.decideApproval.role);
    allow(this.decideApproval.role, { actions: ['states:StartExecution'], resources: [target.rollout.stateMachine.stateMachineArn] });
  }

  /** Those behind states, in the order in which their states run. */
  inOrder(): HandlerFunction[] {
    return [...(this.requestApproval === undefined ? [] : [this.requestApproval]), this.releaseModel];
  }

  private allowApprovals(role: IRole): void {
    const { artifactBucket } = this.settings.platform;
    allowRead(role, artifactBucket, `${this.layout.approvals}*`);
    allowWrite(role, artifactBucket, `${this.layout.approvals}*`);
    allowToMiss(role, artifactBucket);
  }

  private allowRelease(role: IRole): void {
    const { platform, registry, target } = this.settings;
    allowRead(role, platform.artifactBucket, `${this.layout.models}*`);
    allowRead(role, target.record.bucket, target.record.key);
    allowWrite(role, target.record.bucket, target.record.key);
    allowToMiss(role, target.record.bucket);
    allowOnVersions(this, registry, role, ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages']);
  }

  private allowAnswer(role: IRole): void {
    allow(role, {
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      resources: ['*'],
      wildcard: 'Answers to waiting tasks know no resources: the task token names the one that is answered.',
    });
  }

  private allowTell(role: IRole): void {
    const { platform } = this.settings;
    allow(role, { actions: ['sns:Publish'], resources: [platform.notificationTopic.topicArn] });
    allowKey(role, platform.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  private create(id: string, handler: string, description: string, environment: Readonly<Record<string, string>>, more: { readonly timeout?: Duration; readonly deadLetterQueue?: IQueue } = {}): HandlerFunction {
    const { platform, architecture, tracing } = this.settings;
    return new HandlerFunction(this, id, {
      handler,
      description,
      environment,
      timeout: smallFunctionTimeout,
      memorySizeMiB: smallFunctionMemoryMiB,
      architecture,
      tracing,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
      ...more,
    });
  }
}
