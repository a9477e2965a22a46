import type { Size } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ServingImage } from '../registry/serving-image.ts';
import type { ContainerServiceOptions } from './container-service-options.ts';
import type { Gpu } from './gpu.ts';

/** What an `InferenceService` may be told besides its platform. */
export interface InferenceServiceOptions extends ContainerServiceOptions {
  /**
   * What serves. It follows the deployment record that its environment names (containers/model-server/env.ts).
   * @default - ServingImage.modelServer(), for `architecture`
   */
  readonly image?: ServingImage;

  /**
   * The processor that tasks run on.
   * @default - that of the image, where it is known; else Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * A task's share of a processor, in units of which 1024 are one vCPU.
   * @default 1024
   */
  readonly cpu?: number;

  /**
   * A task's memory in MiB. Fargate knows certain sizes for each `cpu`.
   * @default 2048
   */
  readonly memorySizeMiB?: number;

  /**
   * A task's disk, for images and unpacked models, 21 to 200 GiB.
   * @default - the 20 GiB that every task has
   */
  readonly ephemeralStorageSize?: Size;

  /**
   * How few tasks run once a model is deployed.
   * @default 1
   */
  readonly minTasks?: number;

  /**
   * How many tasks run at most.
   * @default 4
   */
  readonly maxTasks?: number;

  /**
   * The share of their processors, in percent, that tasks are kept at.
   * @default 60
   */
  readonly targetCpuPercent?: number;

  /**
   * The requests a minute that each task is kept at.
   * @default 12_000
   */
  readonly targetRequestsPerMinute?: number;

  /**
   * The share of the tasks beyond `onDemandTasks`, in percent, that run on spare capacity (Fargate Spot), which AWS takes back with two minutes' notice.
   * @default 0
   */
  readonly spotPercent?: number;

  /**
   * How many tasks never run on spare capacity.
   * @default 1
   */
  readonly onDemandTasks?: number;

  /**
   * Always refused: Fargate has no GPU. `GpuService` has.
   * @default - none
   */
  readonly gpu?: Gpu;

  /**
   * The cluster. Its capacity providers FARGATE and FARGATE_SPOT have to be there.
   * @default - a new one
   */
  readonly cluster?: ICluster;
}

/** What an `InferenceService` is made of. */
export interface InferenceServiceProps extends InferenceServiceOptions {
  /** Where models and deployment records lie. */
  readonly platform: IModelPlatform;
}
