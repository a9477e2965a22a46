import { CfnVPC, InterfaceVpcEndpointAwsService, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { ContainerServiceOptions } from '../container-service-options.ts';
import { ServingNetwork } from '../serving-network.ts';

/** Where a service is. */
export interface ServicePlace {
  readonly vpc: IVpc;
  readonly taskSubnets: SubnetSelection;
  readonly loadBalancerSubnets: SubnetSelection;
  /** The network, where it was made here. */
  readonly network?: ServingNetwork;
}

/** The place of a service: the user's network, or one of its own with the endpoints that its tasks need. */
export function placeOf(scope: Construct, options: ContainerServiceOptions, vpc: IVpc | undefined, instances: boolean): ServicePlace {
  const internetFacing = options.internetFacing === true;
  const network = vpc === undefined ? new ServingNetwork(scope, 'Network', { publicSubnets: internetFacing, instances, furtherEndpoints: endpointsOf(options) }) : undefined;
  const found = vpc ?? network!.vpc;
  const taskSubnets = options.taskSubnets ?? { subnetType: found.privateSubnets.length > 0 ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED };
  return {
    vpc: found,
    taskSubnets,
    loadBalancerSubnets: options.loadBalancerSubnets ?? (internetFacing ? { subnetType: SubnetType.PUBLIC } : taskSubnets),
    ...(network === undefined ? {} : { network }),
  };
}

/** The services that a container needs beside those of each. */
export function endpointsOf({ secrets = {}, executeCommand }: ContainerServiceOptions): InterfaceVpcEndpointAwsService[] {
  const kinds = Object.values(secrets).map(({ arn }) => (arn.includes(':ssm:') ? InterfaceVpcEndpointAwsService.SSM : InterfaceVpcEndpointAwsService.SECRETS_MANAGER));
  return [...kinds, ...(executeCommand === true ? [InterfaceVpcEndpointAwsService.SSM_MESSAGES] : [])];
}

/** The addresses of a network: as they are written where it is made in the app, so that what is let in can be read. */
export function addressesOf(vpc: IVpc): string {
  const { defaultChild } = vpc.node;
  return defaultChild instanceof CfnVPC && defaultChild.cidrBlock !== undefined ? defaultChild.cidrBlock : vpc.vpcCidrBlock;
}
