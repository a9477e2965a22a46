import { Annotations, Token } from 'aws-cdk-lib';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, IpAddresses, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from '../private/acknowledgements.ts';
import { validate, validateInteger, validateRange } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import type { ServingNetworkProps } from './serving-network-props.ts';

/** Defaults of `ServingNetwork`. */
const defaults = { zones: 2, cidr: '10.0.0.0/16', publicSubnets: false, instances: false } as const;

/** US dollars of an interface endpoint an hour in a zone, in us-east-1 (SKU EN2N5TATXE673A3B, as secondary texts have it; that it is by zone none of them says). */
const endpointHourUsd = 0.01;
const hoursPerMonth = 730;

/** What a task on Fargate calls outside of S3: its image's registry, and where its log goes. */
const taskEndpoints = [InterfaceVpcEndpointAwsService.ECR, InterfaceVpcEndpointAwsService.ECR_DOCKER, InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS];
const instanceEndpoints = [InterfaceVpcEndpointAwsService.ECS, InterfaceVpcEndpointAwsService.ECS_AGENT, InterfaceVpcEndpointAwsService.ECS_TELEMETRY];

/**
 * A network for containers that serve: private subnets without a way to the internet, from which S3 is reached through a gateway, which costs nothing,
 * and a few services of AWS through interface endpoints, which are billed by the hour. There is no NAT gateway.
 */
export class ServingNetwork extends Construct {
  /** The network. */
  readonly vpc: Vpc;
  /** Its addresses. */
  readonly cidr: string;
  /** What its endpoints cost in a month of 730 hours, in US dollars of us-east-1, besides what flows through them. */
  readonly monthlyUsd: number;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: ServingNetworkProps = {}) {
    super(scope, id);
    validate(this, [validateRange('zones', props.zones, 1, 6), validateInteger('zones', props.zones), validateCidr(props.cidr)]);
    const { zones = defaults.zones, publicSubnets = defaults.publicSubnets, instances = defaults.instances, furtherEndpoints = [] } = props;
    this.cidr = props.cidr ?? defaults.cidr;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(this.cidr),
      maxAzs: zones,
      natGateways: 0,
      // It would be a custom resource, and nothing uses that group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Private', subnetType: SubnetType.PRIVATE_ISOLATED },
        ...(publicSubnets ? [{ name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false }] : []),
      ],
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3, subnets: [{ subnetType: SubnetType.PRIVATE_ISOLATED }] } },
    });
    acknowledge(this.vpc, 'VPC7', 'Flow logs belong to the account, which may want them in a bucket of its own: `network.vpc.addFlowLog(..)` adds them.');
    const endpoints = new Map([...taskEndpoints, ...(instances ? instanceEndpoints : []), ...furtherEndpoints].map((service) => [service.shortName, service]));
    this.addEndpoints([...endpoints.values()]);
    this.monthlyUsd = Math.round(endpoints.size * this.vpc.availabilityZones.length * endpointHourUsd * hoursPerMonth * 100) / 100;
    Annotations.of(this).addInfoV2(
      'slipway:endpointCost',
      `${String(endpoints.size)} interface endpoints (${[...endpoints.keys()].join(', ')}) in ${String(this.vpc.availabilityZones.length)} zones cost about $${this.monthlyUsd.toFixed(2)} a month in us-east-1, ` +
        'whether they are used or not, and $0.01 a GB. Services share a network that is handed to them (prop vpc).',
    );
  }

  private addEndpoints(services: readonly InterfaceVpcEndpointAwsService[]): void {
    const securityGroup = new SecurityGroup(this, 'Endpoints', { vpc: this.vpc, description: 'Services of AWS, for whoever is in the network.', allowAllOutbound: false });
    securityGroup.addIngressRule(Peer.ipv4(this.cidr), Port.HTTPS);
    for (const service of services) {
      this.vpc.addInterfaceEndpoint(service.shortName, { service, open: false, securityGroups: [securityGroup], subnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
    }
  }
}

function validateCidr(cidr: string | undefined): Finding {
  if (cidr === undefined || (!Token.isUnresolved(cidr) && /^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-4])$/.test(cidr))) return undefined;
  return `cidr is ${Token.isUnresolved(cidr) ? 'a token' : `'${cidr}'`}, expected addresses such as '10.0.0.0/16' that are known at synth, /16 to /24.`;
}
