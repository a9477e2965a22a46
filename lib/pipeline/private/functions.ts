import type { Duration, Size } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PipelineLayout } from '../../../model/spec/layout.ts';
import type { ConvertModelEnv } from '../../../lambda/convert-model/env.ts';
import type { NotifyEnv } from '../../../lambda/notify/env.ts';
import type { PrepareDataEnv } from '../../../lambda/prepare-data/env.ts';
import type { RegisterModelEnv } from '../../../lambda/register-model/env.ts';
import type { UpdateFeatureStoreEnv } from '../../../lambda/update-feature-store/env.ts';
import type { ValidateDataEnv } from '../../../lambda/validate-data/env.ts';
import type { ValidateModelEnv } from '../../../lambda/validate-model/env.ts';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow, allowKey, allowRead, allowToMiss, allowWrite } from '../../private/permissions.ts';
import type { FeatureGroup } from '../../registry/feature-group.ts';
import type { IModelRegistry } from '../../registry/model-registry.ts';
import type { IPredictionService } from '../../serving/serving-target.ts';
import { dataFunctionTimeout, smallFunctionMemoryMiB, smallFunctionTimeout } from '../defaults.ts';
import { sizeFor } from './data-sizing.ts';

/** What the functions of a pipeline are made of. */
export interface PipelineFunctionsProps {
  readonly pipelineName: string;
  readonly dataPrefix: string;
  readonly platform: IModelPlatform;
  readonly registry: IModelRegistry;
  /** What users are served by, whose model a new one is compared with. */
  readonly champion: IPredictionService;
  /** @default - none */
  readonly featureGroup?: FeatureGroup;
  readonly maximumDataSize: Size;
  readonly architecture: Architecture;
  readonly tracing: boolean;
  readonly deadLetterQueue: IQueue;
}

/** The functions behind a pipeline's states, each with the least that it needs. */
export class PipelineFunctions extends Construct {
  readonly validateData: HandlerFunction;
  readonly prepareData: HandlerFunction;
  readonly convertModel: HandlerFunction;
  readonly validateModel: HandlerFunction;
  readonly registerModel: HandlerFunction;
  /** Undefined where there is no feature group. */
  readonly updateFeatureStore?: HandlerFunction;
  readonly notify: HandlerFunction;

  private readonly settings: PipelineFunctionsProps;

  constructor(scope: Construct, id: string, props: PipelineFunctionsProps) {
    super(scope, id);
    this.settings = props;
    const { pipelineName, platform, registry, champion } = props;
    const { dataBucket, artifactBucket } = platform;
    const layout = new PipelineLayout(pipelineName);
    const run = { ARTIFACT_BUCKET: artifactBucket.bucketName, PIPELINE_NAME: pipelineName };

    this.validateData = this.forData('ValidateData', 'validate-data', 'Profiles training data and refuses what breaks its schema.', { ...run, DATA_BUCKET: dataBucket.bucketName } satisfies ValidateDataEnv);
    allowRead(this.validateData.role, dataBucket, `${props.dataPrefix}*`);
    allowWrite(this.validateData.role, dataBucket, `${layout.quarantine}*`);
    // Also lists a folder's objects.
    allowToMiss(this.validateData.role, dataBucket);
    // The baseline, the statistics that it names, which are an earlier run's, and what this run has pinned before.
    allowRead(this.validateData.role, artifactBucket, layout.baseline);
    allowRead(this.validateData.role, artifactBucket, `${layout.reports}*`);
    allowWrite(this.validateData.role, artifactBucket, `${layout.reports}*`);
    allowToMiss(this.validateData.role, artifactBucket);

    this.prepareData = this.forData('PrepareData', 'prepare-data', 'Splits training data and turns it into features.', run satisfies PrepareDataEnv);
    allowRead(this.prepareData.role, dataBucket, `${props.dataPrefix}*`);
    allowToMiss(this.prepareData.role, dataBucket);
    // Which objects a folder's dataset is.
    allowRead(this.prepareData.role, artifactBucket, `${layout.reports}*/dataset.json`);
    allowWrite(this.prepareData.role, artifactBucket, `${layout.intermediates}*`);

    this.convertModel = this.forData('ConvertModel', 'convert-model', 'Converts a trained model to ONNX and proves that both predict the same.', run satisfies ConvertModelEnv);
    allowRead(this.convertModel.role, artifactBucket, `${layout.intermediates}*`);
    allowWrite(this.convertModel.role, artifactBucket, `${layout.models}*`);

    this.validateModel = this.forData('ValidateModel', 'validate-model', 'Measures a model on held-out rows and judges it by the gates.', {
      ...run,
      RECORD_BUCKET: champion.record.bucket.bucketName,
      RECORD_KEY: champion.record.key,
    } satisfies ValidateModelEnv);
    allowRead(this.validateModel.role, artifactBucket, `${layout.intermediates}*`);
    allowRead(this.validateModel.role, artifactBucket, `${layout.models}*`);
    allowRead(this.validateModel.role, artifactBucket, `${layout.reports}*`);
    allowWrite(this.validateModel.role, artifactBucket, `${layout.reports}*`);
    // The champion: what is served now, unless nothing is yet.
    allowRead(this.validateModel.role, champion.record.bucket, champion.record.key);
    allowToMiss(this.validateModel.role, champion.record.bucket);
    allowToMiss(this.validateModel.role, artifactBucket);

    this.registerModel = this.small('RegisterModel', 'register-model', 'Adds a model to the registry.', {
      ...run,
      MODEL_PACKAGE_GROUP: registry.modelPackageGroupName,
    } satisfies RegisterModelEnv);
    allowRead(this.registerModel.role, artifactBucket, `${layout.models}*`);
    allowRead(this.registerModel.role, artifactBucket, `${layout.reports}*`);
    allowWrite(this.registerModel.role, artifactBucket, `${layout.reports}*`);
    registry.grantRegister(this.registerModel.role);

    if (props.featureGroup !== undefined) {
      this.updateFeatureStore = this.forData('UpdateFeatureStore', 'update-feature-store', 'Writes the newest records of the data to the feature group.', {
        PIPELINE_NAME: pipelineName,
        FEATURE_GROUP_NAME: props.featureGroup.featureGroupName,
      } satisfies UpdateFeatureStoreEnv);
      allowRead(this.updateFeatureStore.role, dataBucket, `${props.dataPrefix}*`);
      allowToMiss(this.updateFeatureStore.role, dataBucket);
      allowRead(this.updateFeatureStore.role, artifactBucket, `${layout.reports}*/dataset.json`);
      props.featureGroup.grantWrite(this.updateFeatureStore.role);
    }

    this.notify = this.small('Notify', 'notify', 'Tells the team what became of a run.', {
      ...run,
      TOPIC_ARN: platform.notificationTopic.topicArn,
    } satisfies NotifyEnv, props.deadLetterQueue);
    allowRead(this.notify.role, artifactBucket, `${layout.reports}*`);
    allowWrite(this.notify.role, artifactBucket, `${layout.reports}*`);
    allowToMiss(this.notify.role, artifactBucket);
    allow(this.notify.role, { actions: ['sns:Publish'], resources: [platform.notificationTopic.topicArn] });
    allowKey(this.notify.role, platform.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** All of them, in the order in which their states run, then the one that notifies. */
  inOrder(): HandlerFunction[] {
    return [this.validateData, this.prepareData, this.convertModel, this.validateModel, this.registerModel, ...(this.updateFeatureStore === undefined ? [] : [this.updateFeatureStore]), this.notify];
  }

  /** A function whose room follows from how much data there may be. */
  private forData(id: string, handler: string, description: string, environment: Readonly<Record<string, string>>): HandlerFunction {
    return this.create(id, handler, description, environment, dataFunctionTimeout, sizeFor(this.settings.maximumDataSize));
  }

  /** A function that moves small objects. */
  private small(id: string, handler: string, description: string, environment: Readonly<Record<string, string>>, deadLetterQueue?: IQueue): HandlerFunction {
    return this.create(id, handler, description, environment, smallFunctionTimeout, { memorySizeMiB: smallFunctionMemoryMiB }, deadLetterQueue);
  }

  private create(
    id: string,
    handler: string,
    description: string,
    environment: Readonly<Record<string, string>>,
    timeout: Duration,
    size: { readonly memorySizeMiB: number; readonly ephemeralStorageSize?: Size },
    deadLetterQueue?: IQueue,
  ): HandlerFunction {
    const { platform, architecture, tracing } = this.settings;
    return new HandlerFunction(this, id, {
      handler,
      description,
      environment,
      timeout,
      ...size,
      architecture,
      tracing,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
      ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
    });
  }
}
