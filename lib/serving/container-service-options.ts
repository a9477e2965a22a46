import type { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IPeer, ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Rollout } from './rollout.ts';
import type { ServingAlarmsOptions } from './serving-alarms-props.ts';

/** What a service of containers behind a load balancer may be told, on whatever it runs. */
export interface ContainerServiceOptions {
  /**
   * The target's name, kebab-case: it becomes the deployment record's key, `deployments/<target>.json`.
   * @default - the construct's id in kebab-case
   */
  readonly targetName?: string;

  /**
   * How traffic moves to a new model version. The first version of a target always serves at once.
   * @default Rollout.allAtOnce() - all requests, as soon as the version was tried out
   */
  readonly rollout?: Rollout;

  /**
   * Further variables of the container's environment.
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Variables whose values are secrets. Amazon ECS reads them when a task starts; they stand in no template.
   * @default - none
   */
  readonly secrets?: { [name: string]: Secret };

  /**
   * How many rows one batch may hold.
   * @default 10_000
   */
  readonly maxBatchRows?: number;

  /**
   * How long a deployment record is trusted before it is read again: how long an old version may serve on.
   * @default Duration.seconds(5)
   */
  readonly revalidateAfter?: Duration;

  /**
   * The user and group that the container runs as, by their numbers. Root is refused.
   * @default '1000:1000'
   */
  readonly user?: string;

  /**
   * What tells whether a container is alive, run inside of it: a program and its arguments.
   * @default - Node asks the server's /ping: any answer will do
   */
  readonly healthCommand?: string[];

  /**
   * Whether people who may call `ecs:ExecuteCommand` can open a shell in a running container. Its file system is then writable: the agent for it needs that.
   * @default false
   */
  readonly executeCommand?: boolean;

  /**
   * The network that tasks and load balancer are in. Its routes and endpoints are its owner's: tasks reach S3, Amazon ECR and CloudWatch Logs.
   * @default - a ServingNetwork: private, without a NAT gateway, with the endpoints that the tasks need. It is billed by the hour, and says how much
   */
  readonly vpc?: IVpc;

  /**
   * The subnets that tasks run in.
   * @default - the isolated ones of the network that is made here; of a network of yours its private ones
   */
  readonly taskSubnets?: SubnetSelection;

  /**
   * The security groups of the tasks.
   * @default - a new one that lets the load balancer in alone
   */
  readonly taskSecurityGroups?: ISecurityGroup[];

  /**
   * Whether the internet reaches the load balancer. It then needs a certificate, and `allowedPeers` that say who may ask.
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * The subnets of the load balancer.
   * @default - the public ones where it faces the internet, else those of the tasks
   */
  readonly loadBalancerSubnets?: SubnetSelection;

  /**
   * The security group of the load balancer.
   * @default - a new one
   */
  readonly loadBalancerSecurityGroup?: ISecurityGroup;

  /**
   * Who may ask for predictions: a load balancer knows no other authorization. `Peer.anyIpv4()` is everyone.
   * @default - whoever is in the network; a load balancer that faces the internet has to be told
   */
  readonly allowedPeers?: IPeer[];

  /**
   * The certificate of the load balancer, which then speaks TLS alone. It is for `domainName`.
   * @default - none: plain HTTP, which only an internal load balancer may speak
   */
  readonly certificate?: ICertificate;

  /**
   * The name under which clients call, where there is a certificate.
   * @default - the load balancer's own name
   */
  readonly domainName?: string;

  /**
   * The zone in which `domainName` is made a name of the load balancer.
   * @default - none: the name is made elsewhere
   */
  readonly hostedZone?: IHostedZone;

  /**
   * Takes the load balancer's access logs. The bucket is encrypted by S3's own keys: load balancers write to no other.
   * @default - none
   */
  readonly accessLogBucket?: IBucket;

  /**
   * The role of the container. It must trust `ecs-tasks.amazonaws.com`; what it needs is added to it.
   * @default - a new role that may read the deployment record and models
   */
  readonly taskRole?: IRole;

  /**
   * The role under which Amazon ECS starts tasks. It must trust `ecs-tasks.amazonaws.com`; what it needs is added to it.
   * @default - a new role that may pull the image, read the secrets and write the log
   */
  readonly executionRole?: IRole;

  /**
   * Takes the containers' log.
   * @default - a new log group
   */
  readonly logGroup?: ILogGroup;

  /**
   * What sounds when the target is slow, fails, or is asked by nobody, and by what a rollout takes a canary back.
   * @default - the alarms of ServingAlarms, which tell the platform's notification topic
   */
  readonly alarms?: ServingAlarmsOptions;
}
