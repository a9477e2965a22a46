import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { validate } from '../../private/validation.ts';
import type { Gpu } from '../gpu.ts';

/** What tasks need of the instances that they run on. */
export interface GpuNeeds {
  readonly gpu: Gpu;
  /** In units of which 1024 are one vCPU. */
  readonly cpu: number;
  readonly memorySizeMiB: number;
  readonly architecture: Architecture;
  readonly maxTasks: number;
  readonly cluster: ICluster;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
}

/** Capacity in a cluster. */
export interface BoundGpuCapacity {
  readonly capacityProviderName: string;
  /** Whether Amazon ECS manages its instances. */
  readonly managed: boolean;
}

/** The cluster, where capacity can be added to it. @throws ConfigurationError where it is imported */
export function extensibleCluster(scope: Construct, { cluster }: GpuNeeds): Cluster {
  validate(scope, [
    cluster instanceof Cluster
      ? undefined
      : 'cluster is imported, so that no capacity can be added to it here, expected the name of one that it has: GpuCapacity.managedProvider(..) or GpuCapacity.groupProvider(..).',
  ]);
  return cluster as Cluster;
}

/** The subnets of the instances. */
export function subnetsOf({ vpc, subnets }: GpuNeeds): ISubnet[] {
  return vpc.selectSubnets(subnets).subnets;
}
