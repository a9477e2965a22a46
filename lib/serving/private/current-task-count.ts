import { CustomResource, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { BaseService, CfnService } from 'aws-cdk-lib/aws-ecs';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { IModelPlatform } from '../../platform/model-platform.ts';
import { HandlerFunction } from '../../private/handler-function.ts';
import { allow } from '../../private/permissions.ts';

/** What a `CurrentTaskCount` is made of. */
interface CurrentTaskCountProps {
  readonly platform: IModelPlatform;
  readonly serviceName: string;
  readonly clusterName: string;
}

/**
 * How many tasks a service runs, read anew whenever CloudFormation is about to update the service (docs/decisions/0011): a service begins with none,
 * and no deployment of the stack changes what rollouts and autoscaling have made of it since.
 */
export class CurrentTaskCount extends Construct {
  /** The count, for the service's `desiredCount`. */
  readonly desiredCount: number;
  private service: CfnService | undefined;

  constructor(scope: Construct, id: string, { platform, serviceName, clusterName }: CurrentTaskCountProps) {
    super(scope, id);
    const handler = new HandlerFunction(this, 'Function', {
      handler: 'current-task-count',
      description: 'Tells CloudFormation how many tasks a service runs, so that a deployment keeps them.',
      environment: {},
      memorySizeMiB: 256,
      timeout: Duration.seconds(30),
      architecture: Architecture.ARM_64,
      tracing: false,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
    });
    allow(handler.role, {
      actions: ['ecs:DescribeServices'],
      resources: [Stack.of(this).formatArn({ service: 'ecs', resource: 'service', resourceName: `*/${serviceName}` })],
      wildcard: "The service is named. When it moves, it is read in the cluster that it leaves as well, which the template does not name any more.",
    });
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: handler.function.functionArn,
      properties: { ServiceName: serviceName, Cluster: clusterName, Service: Lazy.any({ produce: () => this.everythingElse() }), StackTags: Stack.of(this).tags.renderTags() },
    });
    // Otherwise a function that never answers holds up a deployment for an hour. As a number: CDK's own prop renders a text.
    (resource.node.defaultChild as CfnResource).addPropertyOverride('ServiceTimeout', 180);
    // The function has to be let read before it is asked.
    resource.node.addDependency(handler);
    this.desiredCount = Token.asNumber(resource.getAtt('DesiredCount'));
  }

  /** Whatever of the service changes, the count is read first. */
  follow(service: BaseService): void {
    this.service = service.node.findChild('Service') as CfnService;
  }

  /** The service as its template has it, overrides and all, but for the count itself: CloudFormation updates a custom resource where its properties change. */
  private everythingElse(): unknown {
    const { service } = this;
    if (service === undefined) return undefined;
    const rendered = Stack.of(this).resolve((service as unknown as { _toCloudFormation(): object })._toCloudFormation()) as { Resources: Record<string, { Properties: Record<string, unknown> }> };
    const [resource] = Object.values(rendered.Resources);
    const { DesiredCount: _, ...properties } = resource!.Properties;
    return properties;
  }
}
