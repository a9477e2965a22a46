import { Duration } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { BaseService } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol, SslPolicy, TargetGroupLoadBalancingAlgorithmType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ApplicationListener, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledgements.ts';
import type { ContainerServiceOptions } from '../container-service-options.ts';
import { containerDefaults } from '../container-defaults.ts';
import { addressesOf } from './service-place.ts';

/** What a `FrontDoor` is made of. */
export interface FrontDoorProps {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly service: BaseService;
  readonly options: ContainerServiceOptions;
}

/** The load balancer in front of a service: TLS where there is a certificate, and nobody but those who are named. */
export class FrontDoor extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly listener: ApplicationListener;
  readonly targetGroup: ApplicationTargetGroup;
  readonly url: string;

  constructor(scope: Construct, id: string, { vpc, subnets, service, options }: FrontDoorProps) {
    super(scope, id);
    const { certificate, domainName, internetFacing = containerDefaults.internetFacing } = options;
    const securityGroup = options.loadBalancerSecurityGroup ?? new SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Who may ask for predictions.', allowAllOutbound: false });
    this.loadBalancer = new ApplicationLoadBalancer(this, 'Resource', { vpc, internetFacing, vpcSubnets: subnets, securityGroup, dropInvalidHeaderFields: true });
    if (options.accessLogBucket === undefined) acknowledge(this.loadBalancer, 'ELB2', 'The servers log each failure under its request id; pass accessLogBucket to have access logs as well.');
    else this.loadBalancer.logAccessLogs(options.accessLogBucket, 'load-balancer');
    this.listener = this.loadBalancer.addListener('Listener', {
      open: false,
      ...(certificate === undefined ? { protocol: ApplicationProtocol.HTTP } : { protocol: ApplicationProtocol.HTTPS, certificates: [certificate], sslPolicy: SslPolicy.RECOMMENDED_TLS }),
    });
    for (const peer of options.allowedPeers ?? [Peer.ipv4(addressesOf(vpc))]) {
      this.loadBalancer.connections.allowFrom(peer, certificate === undefined ? Port.HTTP : Port.HTTPS, 'Who may ask for predictions');
    }
    this.targetGroup = this.listener.addTargets('Tasks', {
      targets: [service.loadBalancerTarget({ containerName: 'server', containerPort: containerDefaults.port })],
      protocol: ApplicationProtocol.HTTP,
      port: containerDefaults.port,
      // Only a task that has its model is asked.
      healthCheck: { path: '/ping', interval: Duration.seconds(10), timeout: Duration.seconds(5), healthyThresholdCount: 2, unhealthyThresholdCount: 3 },
      deregistrationDelay: containerDefaults.stopTimeout,
      loadBalancingAlgorithmType: TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
    });
    if (options.hostedZone !== undefined && domainName !== undefined) {
      new ARecord(this, 'Name', { zone: options.hostedZone, recordName: domainName, target: RecordTarget.fromAlias(new LoadBalancerTarget(this.loadBalancer)) });
    }
    this.url = certificate === undefined ? `http://${this.loadBalancer.loadBalancerDnsName}` : `https://${domainName ?? this.loadBalancer.loadBalancerDnsName}`;
  }
}
