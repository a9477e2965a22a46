import { Stack } from 'aws-cdk-lib';
import { ApiMapping, CorsHttpMethod, DomainName, HttpApi, HttpMethod, HttpNoneAuthorizer, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { CorsPreflightOptions, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { acknowledge } from '../../../private/acknowledgements.ts';
import { allow } from '../../../private/permissions.ts';
import { corsDefaults, inferenceDefaults } from '../../defaults.ts';
import { AccessLogs } from '../access-logs.ts';
import { allowedHeaders, checkedInside, isCheckedInside, routeWildcard } from './front-door.ts';
import type { FrontDoor, FrontDoorSettings } from './front-door.ts';

/** Every route leads to the function, which says itself what it does not know: so it answers as it does everywhere else. */
const everyPath = ['/', '/{proxy+}'];

/** An HTTP API. */
export function createHttpFrontDoor(scope: Construct, settings: FrontDoorSettings): FrontDoor {
  const { props, targetName, target, authorization } = settings;
  const api = new HttpApi(scope, 'Api', {
    description: `Predictions by the target ${targetName}.`,
    createDefaultStage: false,
    ...(props.cors === undefined ? {} : { corsPreflight: corsOf(settings) }),
  });
  const integration = new HttpLambdaIntegration('Function', target);
  const authorizer = authorizerOf(settings);
  for (const path of everyPath) api.addRoutes({ path, methods: [HttpMethod.ANY], integration, authorizer });
  if (props.cors !== undefined) {
    // A browser asks without signing. API Gateway answers such a request itself, where its route lets it in.
    const routes = everyPath.flatMap((path) => api.addRoutes({ path, methods: [HttpMethod.OPTIONS], integration, authorizer: new HttpNoneAuthorizer() }));
    for (const route of routes) acknowledge(route, 'APIG4', 'A browser asks what it may do before it signs anything; the answer holds no data.');
  }
  if (isCheckedInside(authorization)) acknowledge(api, 'APIG4', checkedInside);

  const accessLogs = new AccessLogs(scope, 'AccessLogs', props.platform, props.accessLogGroup);
  const stage = new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: {
      rateLimit: props.throttlingRateLimit ?? inferenceDefaults.throttlingRateLimit,
      burstLimit: props.throttlingBurstLimit ?? inferenceDefaults.throttlingBurstLimit,
    },
    accessLogSettings: { destination: accessLogs, format: accessLogs.format },
  });
  const domainTarget = props.domain === undefined ? undefined : createDomain(scope, settings, api, stage);

  return {
    url: props.domain === undefined ? api.apiEndpoint : `https://${props.domain.domainName}`,
    httpApi: api,
    stage,
    accessLogGroup: accessLogs.logGroup,
    ...(domainTarget === undefined ? {} : { domainTarget }),
    grantInvoke(grantee) {
      const resource = (method: string): string => Stack.of(scope).formatArn({ service: 'execute-api', resource: api.apiId, resourceName: `$default/${method}/*` });
      allow(grantee, { actions: ['execute-api:Invoke'], resources: ['GET', 'POST'].map(resource), wildcard: routeWildcard });
    },
  };
}

function authorizerOf({ authorization }: FrontDoorSettings): IHttpRouteAuthorizer {
  if (authorization.kind === 'httpAuthorizer') return authorization.authorizer;
  return isCheckedInside(authorization) ? new HttpNoneAuthorizer() : new HttpIamAuthorizer();
}

function corsOf({ props, authorization }: FrontDoorSettings): CorsPreflightOptions {
  const cors = props.cors!;
  return {
    allowOrigins: cors.allowOrigins,
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
    allowHeaders: allowedHeaders(cors, authorization),
    ...(cors.exposeHeaders === undefined ? {} : { exposeHeaders: cors.exposeHeaders }),
    maxAge: cors.maxAge ?? corsDefaults.maxAge,
  };
}

function createDomain(scope: Construct, { props }: FrontDoorSettings, api: HttpApi, stage: HttpStage): string {
  const { domainName, certificate, hostedZone } = props.domain!;
  const domain = new DomainName(scope, 'Domain', { domainName, certificate });
  new ApiMapping(scope, 'DomainMapping', { api, domainName: domain, stage });
  if (hostedZone !== undefined) {
    const target = new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId);
    new ARecord(scope, 'DomainRecord', { zone: hostedZone, recordName: domainName, target: RecordTarget.fromAlias(target) });
  }
  return domain.regionalDomainName;
}
