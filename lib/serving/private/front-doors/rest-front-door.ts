import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AuthorizationType, EndpointType, LambdaIntegration, LogGroupLogDestination, ResponseType, RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import type { MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { acknowledge } from '../../../private/acknowledgements.ts';
import { allow } from '../../../private/permissions.ts';
import { inferenceDefaults } from '../../defaults.ts';
import { AccessLogs } from '../access-logs.ts';
import { checkedInside, isCheckedInside, routeWildcard } from './front-door.ts';
import type { FrontDoor, FrontDoorSettings } from './front-door.ts';

const stageName = 'live';

/** A regional REST API, all of whose routes lead to the function. */
export function createRestFrontDoor(scope: Construct, settings: FrontDoorSettings): FrontDoor {
  const { props, targetName } = settings;
  const accessLogs = new AccessLogs(scope, 'AccessLogs', props.platform, props.accessLogGroup);
  const api = new RestApi(scope, 'RestApi', {
    description: `Predictions by the target ${targetName}.`,
    endpointTypes: [EndpointType.REGIONAL],
    // Bodies come and go as they are, whatever a client says that it accepts.
    binaryMediaTypes: ['*/*'],
    cloudWatchRole: props.frontDoor?._options.accountCloudWatchRole ?? true,
    // Other APIs of the account may have come to write their logs under it.
    ...(props.frontDoor?._options.accountCloudWatchRole === false ? {} : { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN }),
    deployOptions: {
      stageName,
      throttlingRateLimit: props.throttlingRateLimit ?? inferenceDefaults.throttlingRateLimit,
      throttlingBurstLimit: props.throttlingBurstLimit ?? inferenceDefaults.throttlingBurstLimit,
      tracingEnabled: props.apiTracing ?? false,
      accessLogDestination: new LogGroupLogDestination(accessLogs.logGroup),
      accessLogFormat: accessLogs.restFormat,
    },
  });
  addMethods(api, settings);
  addUsagePlan(api, settings);
  if (props.webAclArn !== undefined) new CfnWebACLAssociation(scope, 'WebAclAssociation', { resourceArn: api.deploymentStage.stageArn, webAclArn: props.webAclArn });
  acknowledgeFindings(api, settings);
  const domainTarget = props.domain === undefined ? undefined : createDomain(scope, settings, api);

  const { region, urlSuffix } = Stack.of(scope);
  return {
    url: props.domain === undefined ? `https://${api.restApiId}.execute-api.${region}.${urlSuffix}/${stageName}` : `https://${props.domain.domainName}`,
    restApi: api,
    stage: api.deploymentStage,
    accessLogGroup: accessLogs.logGroup,
    ...(domainTarget === undefined ? {} : { domainTarget }),
    grantInvoke(grantee) {
      const resource = (method: string): string => Stack.of(scope).formatArn({ service: 'execute-api', resource: api.restApiId, resourceName: `${stageName}/${method}/*` });
      allow(grantee, { actions: ['execute-api:Invoke'], resources: ['GET', 'POST'].map(resource), wildcard: routeWildcard });
    },
  };
}

function addMethods(api: RestApi, settings: FrontDoorSettings): void {
  const { cors, usagePlan } = settings.props;
  const integration = new LambdaIntegration(settings.target, { allowTestInvoke: false });
  const options: MethodOptions = { ...methodAuthorization(settings), apiKeyRequired: usagePlan !== undefined };
  for (const resource of [api.root, api.root.addResource('{proxy+}')]) {
    resource.addMethod('ANY', integration, options);
    if (cors === undefined) continue;
    // The function answers what a browser asks first: API Gateway's own answer cannot be read where bodies may be binary.
    const preflight = resource.addMethod('OPTIONS', integration, { authorizationType: AuthorizationType.NONE });
    acknowledge(preflight, 'APIG4', 'A browser asks what it may do before it signs anything; the answer holds no data.');
  }
  if (cors?.allowOrigins.length !== 1) return;
  for (const [id, type] of [['Refused', ResponseType.DEFAULT_4XX], ['Failed', ResponseType.DEFAULT_5XX]] as const) {
    api.addGatewayResponse(id, { type, responseHeaders: { 'Access-Control-Allow-Origin': `'${cors.allowOrigins[0]!}'` } });
  }
}

function methodAuthorization({ authorization }: FrontDoorSettings): MethodOptions {
  if (authorization.kind === 'restAuthorizer') return { authorizer: authorization.authorizer };
  return { authorizationType: isCheckedInside(authorization) ? AuthorizationType.NONE : AuthorizationType.IAM };
}

function addUsagePlan(api: RestApi, { props: { usagePlan } }: FrontDoorSettings): void {
  if (usagePlan === undefined) return;
  const { clients, apiKeys, rateLimit, burstLimit, quota } = usagePlan;
  const throttle = { ...(rateLimit === undefined ? {} : { rateLimit }), ...(burstLimit === undefined ? {} : { burstLimit }) };
  const plan = api.addUsagePlan('UsagePlan', {
    apiStages: [{ api, stage: api.deploymentStage }],
    ...(Object.keys(throttle).length === 0 ? {} : { throttle }),
    ...(quota === undefined ? {} : { quota }),
  });
  for (const client of clients) plan.addApiKey(api.addApiKey(`Key ${client}`, { description: `Calls as ${client}.` }));
  for (const key of apiKeys ?? []) plan.addApiKey(key);
}

function acknowledgeFindings(api: RestApi, { props, authorization }: FrontDoorSettings): void {
  acknowledge(api, 'APIG2', 'The function checks each request against the schema of the model that it serves, which is no part of the template.');
  acknowledge(api, 'APIG6', 'Access logs hold a line a request, and the function logs what fails; execution logs would hold the payloads.');
  acknowledge(api, 'COG4', authorization.kind === 'iam' ? 'Callers sign their requests as principals of AWS.' : 'Callers are known by other means than a user pool.');
  if (isCheckedInside(authorization)) acknowledge(api, 'APIG4', checkedInside);
  if (props.webAclArn === undefined) acknowledge(api.deploymentStage, 'APIG3', 'No web ACL was asked for (webAclArn).');
  if (props.frontDoor?._options.accountCloudWatchRole !== false) {
    acknowledge(api, 'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]', "It is AWS's own policy for the one role of the account under which API Gateway writes logs.");
  }
}

function createDomain(scope: Construct, { props }: FrontDoorSettings, api: RestApi): string {
  const { domainName, certificate, hostedZone } = props.domain!;
  const domain = api.addDomainName('Domain', { domainName, certificate, endpointType: EndpointType.REGIONAL, securityPolicy: SecurityPolicy.TLS_1_2 });
  if (hostedZone !== undefined) new ARecord(scope, 'DomainRecord', { zone: hostedZone, recordName: domainName, target: RecordTarget.fromAlias(new ApiGatewayDomain(domain)) });
  return domain.domainNameAliasDomainName;
}
