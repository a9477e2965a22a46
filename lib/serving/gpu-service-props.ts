import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ServingImage } from '../registry/serving-image.ts';
import type { ContainerServiceOptions } from './container-service-options.ts';
import type { GpuCapacity } from './gpu-capacity.ts';
import type { GpuScaling } from './gpu-scaling.ts';
import type { Gpu } from './gpu.ts';

/** What a `GpuService` may be told besides its platform. */
export interface GpuServiceOptions extends ContainerServiceOptions {
  /** What serves, with the libraries of its GPU. */
  readonly image: ServingImage;

  /** The GPUs of a task. */
  readonly gpu: Gpu;

  /**
   * What tasks run on.
   * @default GpuCapacity.managedInstances()
   */
  readonly capacity?: GpuCapacity;

  /**
   * The processor beside the GPU.
   * @default - that of the image, where it is known; else Architecture.X86_64
   */
  readonly architecture?: Architecture;

  /**
   * A task's share of the processor beside the GPU, in units of which 1024 are one vCPU.
   * @default 2048
   */
  readonly cpu?: number;

  /**
   * A task's memory in MiB, besides that of the GPU.
   * @default 8192
   */
  readonly memorySizeMiB?: number;

  /**
   * Whether people depend on it. Outside of production no task runs unless `minTasks` or `scaling` asks for one: an instance with a GPU is billed by the second.
   * @default false
   */
  readonly production?: boolean;

  /**
   * How few tasks run once a model is deployed.
   * @default - 1 in production, where `scaling` does not bring them; else 0
   */
  readonly minTasks?: number;

  /**
   * How many tasks run at most.
   * @default - as many as `minTasks` or `scaling` asks for, at least 1
   */
  readonly maxTasks?: number;

  /**
   * What makes tasks start and end: a queue's depth, a schedule.
   * @default - none: `minTasks` run
   */
  readonly scaling?: GpuScaling[];

  /**
   * The cluster.
   * @default - a new one
   */
  readonly cluster?: ICluster;
}

/** What a `GpuService` is made of. */
export interface GpuServiceProps extends GpuServiceOptions {
  /** Where models and deployment records lie. */
  readonly platform: IModelPlatform;
}
