import type { Construct } from 'constructs';
import type { GpuGroupCapacityProps, ManagedGpuCapacityProps } from './gpu-capacity-props.ts';
import { groupCapacity } from './private/gpu-group.ts';
import { managedCapacity } from './private/gpu-managed.ts';
import type { BoundGpuCapacity, GpuNeeds } from './private/gpu-needs.ts';

/** What the tasks of a `GpuService` run on. */
export class GpuCapacity {
  /** Instances that Amazon ECS chooses by what the tasks ask for, starts, patches and ends (ECS Managed Instances). */
  static managedInstances(props: ManagedGpuCapacityProps = {}): GpuCapacity {
    return new GpuCapacity((scope, needs) => managedCapacity(scope, props, needs));
  }

  /** Instances of one type in an Auto Scaling group, with Amazon ECS's machine image for GPUs: where managed instances are not offered, or not wanted. */
  static autoScalingGroup(props: GpuGroupCapacityProps): GpuCapacity {
    return new GpuCapacity((scope, needs) => groupCapacity(scope, props, needs));
  }

  /** A capacity provider that the cluster has already, of managed instances with GPUs. */
  static managedProvider(capacityProviderName: string): GpuCapacity {
    return new GpuCapacity(() => ({ capacityProviderName, managed: true }));
  }

  /** A capacity provider that the cluster has already, of an Auto Scaling group of instances with GPUs. */
  static groupProvider(capacityProviderName: string): GpuCapacity {
    return new GpuCapacity(() => ({ capacityProviderName, managed: false }));
  }

  private readonly bindCapacity: (scope: Construct, needs: GpuNeeds) => BoundGpuCapacity;

  private constructor(bindCapacity: (scope: Construct, needs: GpuNeeds) => BoundGpuCapacity) {
    this.bindCapacity = bindCapacity;
  }

  /**
   * The capacity in a service's cluster.
   * @internal
   */
  _bind(scope: Construct, needs: GpuNeeds): BoundGpuCapacity {
    return this.bindCapacity(scope, needs);
  }
}
