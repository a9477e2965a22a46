import { Names } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type { AccessLogDestinationConfig, IAccessLogDestination, IStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { IModelPlatform } from '../../platform/model-platform.ts';

const fields = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.caller',
  method: '$context.httpMethod',
  status: '$context.status',
  error: '$context.error.message',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
};

/** Where an API's access logs go: a JSON line a request. */
export class AccessLogs extends Construct implements IAccessLogDestination {
  readonly logGroup: ILogGroup;

  /** What a line of an HTTP API holds. */
  readonly format = AccessLogFormat.custom(JSON.stringify({ ...fields, route: '$context.routeKey', integrationError: '$context.integrationErrorMessage' }));

  /** What a line of a REST API holds: it has other names for two things. */
  readonly restFormat = AccessLogFormat.custom(JSON.stringify({ ...fields, route: '$context.resourcePath', integrationError: '$context.integration.error' }));

  constructor(scope: Construct, id: string, platform: IModelPlatform, logGroup: ILogGroup | undefined) {
    super(scope, id);
    this.logGroup =
      logGroup ??
      new LogGroup(this, 'Resource', {
        // Under /aws/vendedlogs/, or many APIs overflow the account's one resource policy for log delivery.
        logGroupName: `/aws/vendedlogs/apis/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
        retention: platform.logRetention,
        removalPolicy: platform.logRemovalPolicy,
      });
  }

  bind(_stage: IStage): AccessLogDestinationConfig {
    return { destinationArn: this.logGroup.logGroupArn };
  }
}
