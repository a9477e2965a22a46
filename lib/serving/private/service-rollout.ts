import type { Duration } from 'aws-cdk-lib';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Connections, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { BaseService, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import type { ContainerServiceOptions } from '../container-service-options.ts';
import type { ServingAlarms } from '../serving-alarms.ts';
import type { IPredictionService } from '../serving-target.ts';
import { TargetRollout } from '../target-rollout.ts';
import { createServiceDriver } from './service-driver.ts';

/** A service of containers behind a load balancer, as far as its rollout needs it. */
export interface RolledOutService extends IPredictionService {
  readonly vpc: IVpc;
  readonly connections: Connections;
  readonly alarms: ServingAlarms;
  readonly cluster: ICluster;
  readonly service: BaseService;
  readonly minTasks: number;
}

/** The rollout of a service of containers: the first model brings its tasks up, and new versions are tested from inside its network, unless its load balancer is on the internet. */
export function createServiceRollout(scope: Construct, service: RolledOutService, platform: IModelPlatform, options: ContainerServiceOptions, vpcSubnets: SubnetSelection, deadline: Duration): TargetRollout {
  const { rollout, internetFacing, certificate } = options;
  const testers = internetFacing === true ? undefined : new SecurityGroup(scope, 'TestSecurityGroup', { vpc: service.vpc, description: 'What tests new versions.' });
  if (testers !== undefined) service.connections.allowFrom(testers, certificate === undefined ? Port.HTTP : Port.HTTPS, 'Tests new versions');
  return new TargetRollout(scope, 'Rollout', {
    platform,
    service,
    alarms: service.alarms.canary,
    driver: createServiceDriver(scope, platform, { clusterName: service.cluster.clusterName, serviceName: service.service.serviceName, minTasks: service.minTasks, deadline }),
    ...(rollout === undefined ? {} : { rollout }),
    ...(testers === undefined ? {} : { vpc: service.vpc, vpcSubnets, securityGroups: [testers] }),
  });
}
