import type { Duration, Size } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Handler, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { metricsNamespace } from '../../model/spec/serving-metrics.ts';
import { acknowledgeWildcards } from './acknowledgements.ts';
import { handlerBundle } from './handler-bundle.ts';
import { allow } from './permissions.ts';

/** What a handler's function is made of. */
export interface HandlerFunctionProps {
  /** The handler's folder in `lambda/`. */
  readonly handler: string;
  readonly description: string;
  /** The environment, in the shape of the handler's env contract. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memorySizeMiB: number;
  readonly timeout: Duration;
  /** Room in /tmp. @default 512 MiB, Lambda's own */
  readonly ephemeralStorageSize?: Size;
  readonly architecture: Architecture;
  readonly tracing: boolean;
  readonly logRetention: RetentionDays;
  readonly logRemovalPolicy: RemovalPolicy;
  /** @default - a log group of its own */
  readonly logGroup?: ILogGroup;
  /** @default - a role of its own with the least that it needs */
  readonly role?: IRole;
  /** An image that holds the handler. @default - the handler's bundle */
  readonly image?: Code;
  /** How many calls may run at once. @default - the account's limit */
  readonly reservedConcurrency?: number;
  /** Where an asynchronous event goes that failed for good. @default - nowhere */
  readonly deadLetterQueue?: IQueue;
  /** The network that it runs in. @default - none of one's own */
  readonly vpc?: IVpc;
  /** @default - the private ones */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - a new one that lets everything out */
  readonly securityGroups?: ISecurityGroup[];
}

/** A Lambda function that runs one of our handlers, with its own role and its own log group. */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: IRole;
  readonly logGroup: ILogGroup;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    this.timeout = props.timeout;
    this.logGroup =
      props.logGroup ?? new LogGroup(this, 'Logs', { retention: props.logRetention, removalPolicy: props.logRemovalPolicy });
    this.role =
      props.role ??
      new Role(this, 'Role', {
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        description: `Runs the handler ${props.handler}.`,
      });
    this.function = new LambdaFunction(this, 'Resource', {
      description: props.description,
      ...(props.image === undefined
        ? { code: Code.fromAsset(handlerBundle(this, props.handler, props.architecture)), handler: 'index.handler', runtime: Runtime.NODEJS_24_X }
        : { code: props.image, handler: Handler.FROM_IMAGE, runtime: Runtime.FROM_IMAGE }),
      architecture: props.architecture,
      memorySize: props.memorySizeMiB,
      timeout: props.timeout,
      ...(props.ephemeralStorageSize === undefined ? {} : { ephemeralStorageSize: props.ephemeralStorageSize }),
      environment: { ...props.environment, POWERTOOLS_SERVICE_NAME: props.handler, POWERTOOLS_METRICS_NAMESPACE: metricsNamespace },
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.vpc === undefined ? {} : { vpc: props.vpc }),
      ...(props.vpcSubnets === undefined ? {} : { vpcSubnets: props.vpcSubnets }),
      ...(props.securityGroups === undefined ? {} : { securityGroups: props.securityGroups }),
      ...(props.deadLetterQueue === undefined ? {} : { deadLetterQueue: props.deadLetterQueue, retryAttempts: 2 }),
    });
    // The managed policy for this allows every log group of the account.
    allow(this.role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
      wildcard: "Lambda makes the names of the log streams in the function's own log group.",
    });
    if (props.vpc !== undefined) allowNetwork(this.role);
    if (props.tracing) acknowledgeWildcards(this.role, ['*'], 'X-Ray knows no resources: its write actions can only be allowed on *.');
  }
}

/** What AWS's managed policy for functions in a network allows. */
function allowNetwork(role: IRole): void {
  allow(role, {
    actions: ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
    resources: ['*'],
    wildcard: "Lambda makes the network interfaces of a function itself: AWS's own policy for it, AWSLambdaVPCAccessExecutionRole, names no resource.",
  });
}
