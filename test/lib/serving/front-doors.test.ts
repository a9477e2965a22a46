import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Period, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { ApiAuthorization, ApiFrontDoor, InferenceApi, InferenceCode } from '../../../lib/index.ts';
import type { InferenceApiOptions } from '../../../lib/index.ts';
import { ground, statementsOf, testStack } from '../support.ts';

function render(options: (stack: Stack) => InferenceApiOptions = () => ({})) {
  const stack = testStack();
  const api = new InferenceApi(stack, 'Api', { platform: ground(stack).platform, ...options(stack) });
  const caller = (): Role => new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  return { stack, api, caller, template: () => Template.fromStack(stack), url: () => JSON.stringify(stack.resolve(api.url)) };
}

const environment = (template: Template) => {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith('ApiFunction'));
  return (functions[0]?.[1]['Properties'] as { Environment: { Variables: Record<string, unknown> } }).Environment.Variables;
};

const jwt = ApiAuthorization.jwt({ issuer: 'https://issuer.example.com', audience: ['own'] });

describe('a REST API', () => {
  const { api, caller, template, url } = render(() => ({ frontDoor: ApiFrontDoor.restApi() }));
  api.grantInvoke(caller());
  const made = template();

  it('is regional, leads every route to the function, throttles and logs', () => {
    made.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] }, BinaryMediaTypes: ['*/*'] });
    made.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
    made.resourceCountIs('AWS::ApiGateway::Method', 2);
    made.allResourcesProperties('AWS::ApiGateway::Method', { HttpMethod: 'ANY', AuthorizationType: 'AWS_IAM' });
    made.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'live',
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 })],
      AccessLogSetting: { Format: Match.serializedJson(Match.objectLike({ status: '$context.status', integrationError: '$context.integration.error' })) },
    });
    made.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
    expect([api.httpApi, api.functionUrl]).toEqual([undefined, undefined]);
    expect(api.restApi).toBeDefined();
  });

  it('is asked under its stage, without a slash at the end', () => {
    expect(url()).toMatch(/execute-api.*\/live"\]\]\}$/);
  });

  it('lets a caller ask', () => {
    const [statement] = statementsOf(made, /^Caller/);
    expect(statement?.resources.map((resource) => /(live\/[^"]+)"/.exec(resource)?.[1]).sort()).toEqual(['live/GET/*', 'live/POST/*']);
  });

  it('lets the function answer browsers of other origins, who ask without signing', () => {
    const cors = templateOf({ frontDoor: ApiFrontDoor.restApi(), cors: { allowOrigins: ['https://app.example.com'], maxAge: Duration.minutes(5) } });
    expect(JSON.parse(String(environment(cors)['CORS']))).toEqual({ origins: ['https://app.example.com'], headers: ['content-type', 'accept', 'authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'], expose: [], maxAgeSeconds: 300 });
    cors.hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod: 'OPTIONS', AuthorizationType: 'NONE', Integration: Match.objectLike({ Type: 'AWS_PROXY' }) });
    cors.hasResourceProperties('AWS::ApiGateway::GatewayResponse', { ResponseType: 'DEFAULT_4XX', ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'https://app.example.com'" } });
    expect(environment(made)['CORS']).toBe('{}');
  });

  it('takes an authorizer of its own', () => {
    const own = render((stack) => {
      const handler = LambdaFunction.fromFunctionAttributes(stack, 'Guard', { functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:guard', sameEnvironment: true });
      return { frontDoor: ApiFrontDoor.restApi(), authorization: ApiAuthorization.restAuthorizer(new TokenAuthorizer(stack, 'Own', { handler })) };
    }).template();
    own.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM' });
  });
});

function templateOf(options: InferenceApiOptions): Template {
  return render(() => options).template();
}

describe('a function URL', () => {
  const { api, caller, template, url } = render(() => ({ frontDoor: ApiFrontDoor.functionUrl() }));
  api.grantInvoke(caller());
  const made = template();

  it('is asked by signed requests, and buffers unless it is told to stream', () => {
    made.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED' });
    expect(environment(made)['STREAMING']).toBe('false');
    expect(api.accessLogGroup).toBeUndefined();
    const streaming = templateOf({ frontDoor: ApiFrontDoor.functionUrl({ streaming: true }), timeout: Duration.minutes(15) });
    streaming.hasResourceProperties('AWS::Lambda::Url', { InvokeMode: 'RESPONSE_STREAM' });
    expect(environment(streaming)['STREAMING']).toBe('true');
  });

  it('is asked at its address without the slash at its end', () => {
    expect(url()).toContain('"Fn::Join":["//"');
  });

  it('lets a caller ask by both permissions that a URL wants, and by the URL alone', () => {
    expect(statementsOf(made, /^Caller/).map(({ actions, condition }) => [actions, condition])).toEqual([
      [['lambda:InvokeFunctionUrl'], { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } }],
      [['lambda:InvokeFunction'], { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }],
    ]);
  });

  it('lets everybody through where the function checks who calls', () => {
    const open = templateOf({ frontDoor: ApiFrontDoor.functionUrl(), authorization: jwt });
    open.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    open.hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true });
  });
});

describe('an HTTP API', () => {
  it('answers browsers itself, before anything is signed', () => {
    const cors = templateOf({ cors: { allowOrigins: ['*'] } });
    const routes = Object.values(cors.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties as { RouteKey: string; AuthorizationType: string });
    expect(routes.map(({ RouteKey, AuthorizationType }) => `${RouteKey} ${AuthorizationType}`).sort()).toEqual(['ANY / AWS_IAM', 'ANY /{proxy+} AWS_IAM', 'OPTIONS / NONE', 'OPTIONS /{proxy+} NONE']);
    cors.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: ['GET', 'POST'], MaxAge: 3600 } });
    expect(environment(cors)['CORS']).toBe('{}');
  });

  it('has a name of its own, which its URL is', () => {
    const { api, template, url } = render((stack) => ({ domain: { domainName: 'p.example.com', certificate: Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:us-east-1:123456789012:certificate/own') } }));
    expect(url()).toBe('"https://p.example.com"');
    expect(api.domainTarget).toBeDefined();
    template().resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    template().resourceCountIs('AWS::Route53::RecordSet', 0);
  });
});

describe('authorization', () => {
  it('by tokens is told to the function, whatever is in front of it', () => {
    for (const frontDoor of [ApiFrontDoor.httpApi(), ApiFrontDoor.restApi(), ApiFrontDoor.functionUrl()]) {
      const { api, caller, template } = render(() => ({ frontDoor, authorization: jwt }));
      expect(JSON.parse(String(environment(template())['AUTHORIZATION']))).toEqual({ kind: 'jwt', issuer: 'https://issuer.example.com', audience: ['own'], scopes: [] });
      expect(() => { api.grantInvoke(caller()); }).toThrow(/Api: grantInvoke.*hold a token.*ApiAuthorization\.iam\(\)/);
    }
  });

  it('by keys keeps digests for the function, and a key for each client', () => {
    const { api, caller, template } = render(() => ({ authorization: ApiAuthorization.apiKeys({ clients: ['mobile', 'partner'] }) }));
    api.grantInvoke(caller());
    const made = template();
    made.resourceCountIs('AWS::SecretsManager::Secret', 4);
    made.resourceCountIs('AWS::SecretsManager::RotationSchedule', 2);
    made.allResourcesProperties('AWS::SecretsManager::RotationSchedule', { RotateImmediatelyOnUpdate: true, RotationRules: { ScheduleExpression: 'rate(30 days)' } });
    const secrets = (id: RegExp) => statementsOf(made, id).filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue')).flatMap(({ resources }) => resources);
    expect(secrets(/^ApiFunctionRole/).every((resource) => resource.includes('Digests'))).toBe(true);
    expect(secrets(/^Caller/)).toEqual([expect.stringContaining('Keymobile')]);
    expect(api.apiKey('partner').secretArn).toBeDefined();
    expect(() => api.apiKey('nobody')).toThrow(/no API key of 'nobody', expected one of the clients of ApiAuthorization\.apiKeys: mobile, partner/);
    expect(environment(made)['AUTHORIZATION']).toMatchObject({ 'Fn::Join': expect.anything() as unknown });
  });

  it('by the front door is told as such', () => {
    expect(environment(templateOf({}))['AUTHORIZATION']).toBe('{"kind":"frontDoor"}');
  });
});

describe('the function', () => {
  it('is reached by its alias where environments are kept warm or the code is exchanged step by step, and else as it is', () => {
    templateOf({}).resourceCountIs('AWS::Lambda::Alias', 0);
    const { api, template } = render(() => ({ codeDeployment: {} }));
    template().hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      AutoRollbackConfiguration: { Enabled: true, Events: Match.arrayWith(['DEPLOYMENT_STOP_ON_ALARM']) },
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: Match.stringLikeRegexp('^ApiAlarmsLatency') } }, { Name: { Ref: Match.stringLikeRegexp('^ApiAlarmsErrorRate') } }] },
    });
    template().hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: { Ref: Match.stringLikeRegexp('^ApiLive') } });
    expect(api.alias?.aliasName).toBe('live');
    expect(api.deploymentGroup).toBeDefined();
  });

  it('scales what is kept warm by its use and by the clock', () => {
    const changes = [{ schedule: Schedule.cron({ hour: '8', minute: '0' }), instances: 3, maxInstances: 6 }, { schedule: Schedule.cron({ hour: '20', minute: '0' }), instances: 0 }];
    const made = templateOf({ provisionedConcurrency: { instances: 1, changes } });
    made.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 1, MaxCapacity: 1, ScalableDimension: 'lambda:function:ProvisionedConcurrency',
      ScheduledActions: [Match.objectLike({ ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 6 } }), Match.objectLike({ ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 } })],
    });
    made.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', { TargetTrackingScalingPolicyConfiguration: Match.objectLike({ TargetValue: 0.7 }) });
    templateOf({ provisionedConcurrency: { instances: 1 } }).resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  it('is an image that was built before, of a repository', () => {
    const made = render((stack) => ({ code: InferenceCode.fromEcrRepository(Repository.fromRepositoryName(stack, 'Own', 'own/inference'), 'v7') })).template();
    made.hasResourceProperties('AWS::Lambda::Function', { PackageType: 'Image', Handler: Match.absent(), Runtime: Match.absent() });
    expect(JSON.stringify(made.findResources('AWS::Lambda::Function'))).toContain('own/inference:v7');
    templateOf({ code: InferenceCode.bundle() }).hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
  });
});

describe('InferenceApi refuses what does not go together, and says what does', () => {
  const url = ApiFrontDoor.functionUrl();
  const rest = ApiFrontDoor.restApi();
  it.each<[string, (stack: Stack) => InferenceApiOptions, RegExp]>([
    ['a web ACL before an HTTP API', () => ({ webAclArn: 'arn' }), /is an HTTP API, which has no web ACL \(webAclArn\): set frontDoor: ApiFrontDoor\.restApi\(\)/],
    ['a usage plan before a function URL', () => ({ frontDoor: url, usagePlan: { clients: ['a'] } }), /is a function URL, which has no usage plan.*restApi/],
    ['traces of an HTTP API', () => ({ apiTracing: true }), /which has no X-Ray traces of its own \(apiTracing\)/],
    ['a domain of a function URL', (stack) => ({ frontDoor: url, domain: { domainName: 'a.b', certificate: Certificate.fromCertificateArn(stack, 'C', 'arn') } }), /no domain of your own.*CloudFront/],
    ['throttling of a function URL', () => ({ frontDoor: url, throttlingRateLimit: 1 }), /no throttling.*reservedConcurrency/],
    ['access logs of a function URL', (stack) => ({ frontDoor: url, accessLogGroup: new LogGroup(stack, 'L') }), /no access logs \(accessLogGroup\)/],
    ['more time than a REST API has', () => ({ frontDoor: rest, timeout: Duration.seconds(30) }), /timeout is 30 s, expected 1 to 29 s/],
    ['more time than Lambda has', () => ({ frontDoor: url, timeout: Duration.minutes(16) }), /timeout is 960 s, expected 1 to 900 s/],
    ["an HTTP API's authorizer before a REST API", () => ({ frontDoor: rest, authorization: ApiAuthorization.httpAuthorizer(new HttpNoneAuthorizer()) }), /authorizer of HTTP APIs, and the front door is a REST API/],
    ["a REST API's authorizer before an HTTP API", () => ({ authorization: ApiAuthorization.restAuthorizer({ authorizerId: 'a' } as never) }), /authorizer of REST APIs, and the front door is an HTTP API/],
    ['an issuer without TLS', () => ({ authorization: ApiAuthorization.jwt({ issuer: 'http://i', audience: ['a'] }) }), /issuer is 'http:\/\/i', expected an https/],
    ['keys of an issuer without TLS', () => ({ authorization: ApiAuthorization.jwt({ issuer: 'https://i', audience: ['a'], jwksUri: 'http://i' }) }), /jwksUri is 'http:\/\/i', expected an https/],
    ['tokens for anybody', () => ({ authorization: ApiAuthorization.jwt({ issuer: 'https://i', audience: [] }) }), /audience is empty.*another service/],
    ['no scope at all', () => ({ authorization: ApiAuthorization.jwt({ issuer: 'https://i', audience: ['a'], scopes: [] }) }), /scopes is empty/],
    ['a client without a name', () => ({ authorization: ApiAuthorization.apiKeys({ clients: ['A b'] }) }), /A client in authorization\.clients is 'A b', expected kebab-case/],
    ['no client', () => ({ authorization: ApiAuthorization.apiKeys({ clients: [] }) }), /authorization\.clients is empty/],
    ['a client twice', () => ({ authorization: ApiAuthorization.apiKeys({ clients: ['a', 'a'] }) }), /names a client twice/],
    ['half a day between keys', () => ({ authorization: ApiAuthorization.apiKeys({ rotateEvery: Duration.hours(12), gracePeriod: Duration.hours(1) }) }), /rotateEvery is 0\.5 days/],
    ['a key that outlives the next', () => ({ authorization: ApiAuthorization.apiKeys({ rotateEvery: Duration.days(1), gracePeriod: Duration.days(2) }) }), /gracePeriod is 2 days, expected at most 1/],
    ['hardly any grace', () => ({ authorization: ApiAuthorization.apiKeys({ gracePeriod: Duration.seconds(1) }) }), /gracePeriod is 1 s, expected 60/],
    ['no header', () => ({ authorization: ApiAuthorization.apiKeys({ header: 'a b' }) }), /header is 'a b'/],
    ['two kinds of keys in one header', () => ({ frontDoor: rest, authorization: ApiAuthorization.apiKeys(), usagePlan: { clients: ['a'] } }), /both read the header x-api-key.*x-slipway-key/],
    ['no origin', () => ({ cors: { allowOrigins: [] } }), /allowOrigins is empty/],
    ['an origin with a path', () => ({ cors: { allowOrigins: ['https://a.b/c'] } }), /holds 'https:\/\/a\.b\/c', expected an origin/],
    ['a browser that never asks again', () => ({ cors: { allowOrigins: ['*'], maxAge: Duration.days(2) } }), /cors\.maxAge is 172800 s/],
    ['a plan for nobody', () => ({ frontDoor: rest, usagePlan: { clients: [] } }), /usagePlan\.clients is empty/],
    ['a negative quota of requests', () => ({ frontDoor: rest, usagePlan: { clients: ['a'], rateLimit: -1, quota: { limit: 1, period: Period.DAY } } }), /usagePlan\.rateLimit is -1/],
    ['no warm environment', () => ({ provisionedConcurrency: { instances: 0 } }), /provisionedConcurrency\.instances is 0/],
    ['fewer at most than at least', () => ({ provisionedConcurrency: { instances: 3, maxInstances: 2 } }), /maxInstances is 2, expected 3/],
    ['a use that makes no more', () => ({ provisionedConcurrency: { instances: 3, targetUtilizationPercent: 50 } }), /targetUtilizationPercent.*set maxInstances/],
    ['a use beyond its bounds', () => ({ provisionedConcurrency: { instances: 3, maxInstances: 4, targetUtilizationPercent: 95 } }), /targetUtilizationPercent is 95 %, expected 10 to 90/],
    ['half an environment in the morning', () => ({ provisionedConcurrency: { instances: 1, changes: [{ schedule: Schedule.rate(Duration.days(1)), instances: 0.5 }] } }), /changes\[0\]\.instances is 0\.5/],
    ['more warm than may run', () => ({ reservedConcurrency: 2, provisionedConcurrency: { instances: 1, maxInstances: 3 } }), /up to 3 environments warm, expected at most the 2/],
    ['a shift that nothing watches', () => ({ codeDeployment: {}, alarms: { enabled: false } }), /codeDeployment shifts requests under the alarms.*both are off/],
  ])('%s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });
});
