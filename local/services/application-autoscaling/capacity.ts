import type { Caller, Output } from '../../core/call.ts';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { TargetId } from './types.ts';

/** How one kind of capacity is read and set, by the API of the service that has it. */
interface CapacityKind {
  read(call: (operation: string, input: Record<string, unknown>) => Promise<Output>, resource: readonly string[]): Promise<number>;
  write(call: (operation: string, input: Record<string, unknown>) => Promise<Output>, resource: readonly string[], capacity: number): Promise<unknown>;
}

/** By scalable dimension. A resource's id is taken apart at its slashes. */
const kinds: Readonly<Record<string, CapacityKind>> = {
  'ecs:service:DesiredCount': {
    async read(call, [, cluster, service]) {
      const { services } = (await call('DescribeServices', { cluster, services: [service] })) as { services?: readonly { desiredCount: number }[] };
      if (services?.[0] === undefined) throw new AwsError('ObjectNotFoundException', `No ECS service ${service ?? ''} is in the cluster ${cluster ?? ''}.`);
      return services[0].desiredCount;
    },
    write: (call, [, cluster, service], desiredCount) => call('UpdateService', { cluster, service, desiredCount }),
  },
  'sagemaker:variant:DesiredInstanceCount': {
    async read(call, [, EndpointName, , VariantName]) {
      const { ProductionVariants = [] } = (await call('DescribeEndpoint', { EndpointName })) as { ProductionVariants?: readonly { VariantName: string; DesiredInstanceCount?: number }[] };
      const variant = ProductionVariants.find((one) => one.VariantName === VariantName);
      if (variant === undefined) throw new AwsError('ObjectNotFoundException', `The endpoint ${EndpointName ?? ''} has no variant ${VariantName ?? ''}.`);
      return variant.DesiredInstanceCount ?? 0;
    },
    write: (call, [, EndpointName, , VariantName], DesiredInstanceCount) => call('UpdateEndpointWeightsAndCapacities', { EndpointName, DesiredWeightsAndCapacities: [{ VariantName, DesiredInstanceCount }] }),
  },
  'lambda:function:ProvisionedConcurrency': {
    async read(call, [, resource = '']) {
      const { RequestedProvisionedConcurrentExecutions: requested } = await call('GetProvisionedConcurrencyConfig', functionOf(resource));
      return Number(requested);
    },
    write: (call, [, resource = ''], ProvisionedConcurrentExecutions) => call('PutProvisionedConcurrencyConfig', { ...functionOf(resource), ProvisionedConcurrentExecutions }),
  },
};

/** `function:<name>:<alias>`. */
function functionOf(resource: string): { readonly FunctionName: string | undefined; readonly Qualifier: string | undefined } {
  const [FunctionName, Qualifier] = resource.split(':').slice(-2);
  return { FunctionName, Qualifier };
}

/** Reads and sets capacities as Application Auto Scaling does, under its own name. */
export class Capacities {
  readonly #context: LaptopContext;
  readonly #caller: Caller;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#caller = context.identity.service('application-autoscaling.amazonaws.com');
  }

  /** Whether the laptop can scale such a thing. */
  knows({ ScalableDimension }: TargetId): boolean {
    return Object.hasOwn(kinds, ScalableDimension);
  }

  read(target: TargetId): Promise<number> {
    return this.#kind(target).read(this.#call(target), partsOf(target));
  }

  async write(target: TargetId, capacity: number): Promise<void> {
    await this.#kind(target).write(this.#call(target), partsOf(target), capacity);
  }

  #kind({ ScalableDimension }: TargetId): CapacityKind {
    const kind = Object.hasOwn(kinds, ScalableDimension) ? kinds[ScalableDimension] : undefined;
    if (kind === undefined) throw new AwsError('ValidationException', `The laptop does not scale ${ScalableDimension}: it knows ${Object.keys(kinds).join(', ')}.`);
    return kind;
  }

  #call({ ServiceNamespace: service }: TargetId) {
    return (operation: string, input: Record<string, unknown>): Promise<Output> => this.#context.dispatch({ service, operation, input, caller: this.#caller });
  }
}

function partsOf({ ServiceNamespace, ResourceId }: TargetId): readonly string[] {
  // A function's id has colons alone.
  return ServiceNamespace === 'lambda' ? ['function', ResourceId] : ResourceId.split('/');
}
