import type { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';

/** What a `ServingNetwork` may be told. */
export interface ServingNetworkProps {
  /**
   * In how many availability zones it is. Each endpoint is billed in each of them.
   * @default 2
   */
  readonly zones?: number;

  /**
   * Its addresses.
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;

  /**
   * Whether it has public subnets, for load balancers that the internet reaches. Tasks never run there.
   * @default false
   */
  readonly publicSubnets?: boolean;

  /**
   * Whether instances of Amazon EC2 run in it, which reach Amazon ECS through three endpoints more.
   * @default false
   */
  readonly instances?: boolean;

  /**
   * Services of AWS that tasks reach beside S3, Amazon ECR and CloudWatch Logs.
   * @default - none
   */
  readonly furtherEndpoints?: InterfaceVpcEndpointAwsService[];
}
