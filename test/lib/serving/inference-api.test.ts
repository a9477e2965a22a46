import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { ApiAuthorization, InferenceApi } from '../../../lib/index.ts';
import type { InferenceApiOptions } from '../../../lib/index.ts';
import { inferenceEnv } from '../../../lambda/inference/env.ts';
import { ground, statementsOf, testStack } from '../support.ts';

function render(options: InferenceApiOptions = {}, id = 'Staging') {
  const stack = testStack();
  const api = new InferenceApi(stack, id, { platform: ground(stack).platform, ...options });
  return { stack, api, template: Template.fromStack(stack) };
}

describe('InferenceApi by itself', () => {
  const { api, template } = render();

  it('leads every route to the function, all with IAM authorization', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties as { RouteKey: string; AuthorizationType: string });
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(['ANY /', 'ANY /{proxy+}']);
    expect(new Set(routes.map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(['AWS_IAM']));
  });

  it('runs the inference handler on arm64 with its whole environment', () => {
    const [fn] = Object.values(template.findResources('AWS::Lambda::Function'));
    const properties = fn?.['Properties'] as { Environment: { Variables: Record<string, unknown> } };
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Handler: 'index.handler', Architectures: ['arm64'], MemorySize: 1769, Timeout: 29, TracingConfig: { Mode: 'Active' } });
    expect(properties.Environment.Variables).toMatchObject({ RECORD_KEY: 'deployments/staging.json', REVALIDATE_SECONDS: '5', MAX_BATCH_ROWS: '100' });
    for (const name of inferenceEnv) expect(properties.Environment.Variables).toHaveProperty(name);
  });

  it('throttles, and logs each request as a JSON line', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: { DestinationArn: Match.anyValue(), Format: Match.serializedJson(Match.objectLike({ status: '$context.status' })) },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^/aws/vendedlogs/apis/'), RetentionInDays: 14 });
  });

  it('may read its record and models, and nothing else', () => {
    const statements = statementsOf(template, /^StagingFunctionRole/);
    expect([...new Set(statements.flatMap(({ actions }) => actions))].sort()).toEqual([
      'logs:CreateLogStream', 'logs:PutLogEvents', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
    ]);
    const read = statements.find(({ actions }) => actions.includes('s3:GetObject'));
    expect(read?.resources.map((resource) => /"\/([^"]+)"/.exec(resource)?.[1])).toEqual(['deployments/staging.json', 'models/*']);
  });

  it('tells where its record lies and how it is called', () => {
    expect(api.record.key).toBe('deployments/staging.json');
    expect(api.record.bucket).toBeDefined();
    expect(api.revalidateAfter.toSeconds()).toBe(5);
    expect(JSON.stringify(api.function.stack.resolve(api.url))).toContain('ApiEndpoint');
  });
});

describe('InferenceApi with every prop', () => {
  it('honours each', () => {
    const stack = testStack();
    const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(stack, 'MyLogs', { logGroupName: 'my-logs' });
    const accessLogGroup = new LogGroup(stack, 'MyAccessLogs', { logGroupName: 'my-access-logs' });
    const api = new InferenceApi(stack, 'Api', {
      platform: ground(stack).platform,
      targetName: 'blue',
      authorization: ApiAuthorization.httpAuthorizer(new HttpNoneAuthorizer()),
      throttlingRateLimit: 7,
      throttlingBurstLimit: 0,
      maxBatchRows: 12,
      revalidateAfter: Duration.seconds(9),
      memorySizeMiB: 2048,
      timeout: Duration.seconds(11),
      architecture: Architecture.X86_64,
      reservedConcurrency: 3,
      tracing: false,
      role,
      logGroup,
      accessLogGroup,
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['x86_64'],
      MemorySize: 2048,
      Timeout: 11,
      ReservedConcurrentExecutions: 3,
      TracingConfig: Match.absent(),
      Role: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] },
      LoggingConfig: Match.objectLike({ LogGroup: { Ref: Match.stringLikeRegexp('^MyLogs') } }),
      Environment: { Variables: Match.objectLike({ RECORD_KEY: 'deployments/blue.json', MAX_BATCH_ROWS: '12', REVALIDATE_SECONDS: '9' }) },
    });
    template.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'NONE' });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 0 },
      AccessLogSettings: Match.objectLike({ DestinationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MyAccessLogs'), 'Arn'] } }),
    });
    expect(Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((id) => !id.includes('Rollout'))).toHaveLength(2);
    expect(Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => !id.includes('Rollout'))).toHaveLength(1);
    expect(api.role).toBe(role);
    expect(api.logGroup).toBe(logGroup);
    expect(api.accessLogGroup).toBe(accessLogGroup);
  });

  it('grants asking, and nothing that a prediction API does not have', () => {
    const stack = testStack();
    const api = new InferenceApi(stack, 'Staging', { platform: ground(stack).platform });
    api.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const [statement] = statementsOf(Template.fromStack(stack), /^Caller/);
    expect(statement?.actions).toEqual(['execute-api:Invoke']);
    expect(statement?.resources.map((resource) => /(\$default[^"]+)"/.exec(resource)?.[1]).sort()).toEqual(['$default/GET/*', '$default/POST/*']);
  });
});

it('InferenceApi warns of more memory than a new account may give', () => {
  Annotations.fromStack(render({ memorySizeMiB: 3009 }).stack).hasWarning('/Stack/Staging', Match.stringLikeRegexp('3009 MiB.*3008 MB.*memorySizeMiB says so'));
  Annotations.fromStack(render({ memorySizeMiB: 3008 }).stack).hasNoWarning('*', Match.anyValue());
});

describe('InferenceApi under an imported role', () => {
  const arn = 'arn:aws:iam::123456789012:role/mine';

  it('that may not be changed warns of each statement that it needs', () => {
    const stack = testStack();
    new InferenceApi(stack, 'Staging', { platform: ground(stack).platform, role: Role.fromRoleArn(stack, 'Mine', arn, { mutable: false }) });
    const template = Template.fromStack(stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Mine', Match.stringLikeRegexp('not changed from here.*"s3:GetObject".*deployments/staging.json.*slipway:notGranted'));
    expect(statementsOf(template, /^(?!.*Rollout)/)).toEqual([]);
  });

  it('that may be changed is granted what it needs, without a word', () => {
    const stack = testStack();
    new InferenceApi(stack, 'Staging', { platform: ground(stack).platform, role: Role.fromRoleArn(stack, 'Mine', arn) });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  it('cannot grant anything to a principal without policies', () => {
    expect(() => render().api.grantInvoke(new ServicePrincipal('lambda.amazonaws.com'))).toThrow(/lambda.amazonaws.com.* is granted execute-api:Invoke, but has no policy/);
  });
});

describe('InferenceApi refuses', () => {
  it.each<[string, InferenceApiOptions, RegExp]>([
    ['a name that is no kebab-case', { targetName: 'Blue Green' }, /targetName is 'Blue Green', expected kebab-case/],
    ['no rows a batch', { maxBatchRows: 0 }, /maxBatchRows is 0, expected 1 to/],
    ['half a row', { maxBatchRows: 1.5 }, /maxBatchRows is 1.5, expected a whole number/],
    ['too little memory', { memorySizeMiB: 128 }, /memorySizeMiB is 128 MiB, expected 512 to 10240 MiB/],
    ['more time than API Gateway has', { timeout: Duration.seconds(30) }, /timeout is 30 s, expected 1 to 29 s/],
    ['a record that is never read again', { revalidateAfter: Duration.minutes(10) }, /revalidateAfter is 600 s/],
    ['a time of no whole seconds', { timeout: Duration.millis(1500) }, /^Stack\/Staging: timeout is 1.5 s, expected a whole number of seconds\.$/],
    ['a revalidation of no whole seconds', { revalidateAfter: Duration.millis(2500) }, /revalidateAfter is 2.5 s, expected a whole number/],
    ['half a request', { throttlingBurstLimit: 1.5 }, /throttlingBurstLimit is 1.5, expected a whole number/],
    ['half a call', { reservedConcurrency: 0.5 }, /reservedConcurrency is 0.5, expected a whole number/],
    ['a negative rate', { throttlingRateLimit: -1 }, /throttlingRateLimit is -1/],
    ['a negative burst', { throttlingBurstLimit: -1 }, /throttlingBurstLimit is -1/],
    ['negative concurrency', { reservedConcurrency: -1 }, /reservedConcurrency is -1/],
  ])('%s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });

  it('a bundle that was not built, and says how to build it', () => {
    const stack = testStack('Stack');
    stack.node.setContext('slipway:handlerBundles', '/nowhere');
    expect(() => new InferenceApi(stack, 'Api', { platform: ground(stack).platform })).toThrow(/handler 'inference' is missing.*\/nowhere\/arm64\/inference.*npm run build:handlers/);
  });
});
