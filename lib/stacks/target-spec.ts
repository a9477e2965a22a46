import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ContainerServiceOptions } from '../serving/container-service-options.ts';
import { GpuService } from '../serving/gpu-service.ts';
import type { GpuServiceOptions } from '../serving/gpu-service-props.ts';
import { InferenceApi } from '../serving/inference-api.ts';
import type { InferenceApiOptions } from '../serving/inference-api-props.ts';
import { InferenceEndpoint } from '../serving/inference-endpoint.ts';
import type { InferenceEndpointOptions } from '../serving/inference-endpoint-props.ts';
import { InferenceService } from '../serving/inference-service.ts';
import type { InferenceServiceOptions } from '../serving/inference-service-props.ts';
import type { IServingTarget } from '../serving/serving-target.ts';
import type { TargetRollout } from '../serving/target-rollout.ts';

/**
 * What a stack makes of a specification: a target whose rollout the command line can find.
 * @internal
 */
export interface CreatedTarget extends IServingTarget {
  readonly rollout: TargetRollout;
}

/**
 * What the stack of a target gives to it.
 * @internal
 */
export interface TargetPlace {
  readonly platform: IModelPlatform;
  /** The network of services that name none. @default - each makes its own */
  readonly vpc?: IVpc;
}

/** What of a service of containers a network that it shares has to know. */
interface NetworkNeeds {
  readonly options: ContainerServiceOptions;
  /** Whether instances of Amazon EC2 run in it. */
  readonly instances: boolean;
}

type Create = (scope: Construct, id: string, place: TargetPlace) => CreatedTarget;

/** One of the targets of a `ServingStack`: what serves the model, and under which name. */
export class TargetSpec {
  /** A Lambda function behind an HTTP API, a REST API or its own URL (`frontDoor`). It costs nothing while nobody asks. Its name is `api` where it has no other. */
  static api(options: InferenceApiOptions = {}): TargetSpec {
    const targetName = options.targetName ?? 'api';
    return new TargetSpec(targetName, (scope, id, { platform }) => new InferenceApi(scope, id, { ...options, platform, targetName }));
  }

  /** Containers on Fargate behind a load balancer, billed by the hour. Its name is `service` where it has no other. */
  static service(options: InferenceServiceOptions = {}): TargetSpec {
    const targetName = options.targetName ?? 'service';
    const create: Create = (scope, id, { platform, vpc }) => new InferenceService(scope, id, { ...inNetwork(options, options.cluster, vpc), platform, targetName });
    return new TargetSpec(targetName, create, needsOf(options, options.cluster, false));
  }

  /** Containers with GPUs behind a load balancer, billed by the hour. Its name is `gpu` where it has no other. */
  static gpu(options: GpuServiceOptions): TargetSpec {
    const targetName = options.targetName ?? 'gpu';
    const create: Create = (scope, id, { platform, vpc }) => new GpuService(scope, id, { ...inNetwork(options, options.cluster, vpc), platform, targetName });
    return new TargetSpec(targetName, create, needsOf(options, options.cluster, true));
  }

  /** A SageMaker endpoint, serverless or on instances (`variant`). Its name is `endpoint` where it has no other. */
  static endpoint(options: InferenceEndpointOptions = {}): TargetSpec {
    const targetName = options.targetName ?? 'endpoint';
    return new TargetSpec(targetName, (scope, id, { platform }) => new InferenceEndpoint(scope, id, { ...options, platform, targetName }));
  }

  /** The target's name. */
  readonly targetName: string;
  /**
   * What it needs of a network that it shares; undefined where it needs none, or has one.
   * @internal
   */
  readonly _network?: NetworkNeeds;
  private readonly create: Create;

  private constructor(targetName: string, create: Create, network?: NetworkNeeds) {
    this.targetName = targetName;
    this.create = create;
    if (network !== undefined) this._network = network;
  }

  /**
   * Makes the target.
   * @internal
   */
  _create(scope: Construct, id: string, place: TargetPlace): CreatedTarget {
    return this.create(scope, id, place);
  }
}

function needsOf(options: ContainerServiceOptions, cluster: unknown, instances: boolean): NetworkNeeds | undefined {
  return options.vpc === undefined && cluster === undefined ? { options, instances } : undefined;
}

/** The options with the shared network, where they name neither a network nor a cluster. */
function inNetwork<Options extends ContainerServiceOptions>(options: Options, cluster: unknown, vpc: IVpc | undefined): Options {
  return vpc === undefined || options.vpc !== undefined || cluster !== undefined ? options : { ...options, vpc };
}
