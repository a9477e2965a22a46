import { expect, test } from 'vitest';
import { reachAll, reachApis } from '../../../local/assembly/addresses.ts';
import { testLaptop } from '../support/laptop.ts';

test('addresses of APIs that run here are reached here, wherever they stand in a text', () => {
  const reach = reachApis({ abc: 'http://127.0.0.1:1' });
  expect(reachAll({ a: ['https://abc.execute-api.us-east-1.amazonaws.com/prod/ and https://xyz.execute-api.us-east-1.amazonaws.com'], n: 1, arn: 'arn:aws:execute-api:us-east-1:1:abc/*' }, reach)).toEqual({
    a: ['http://127.0.0.1:1/prod/ and https://xyz.execute-api.us-east-1.amazonaws.com'],
    n: 1,
    arn: 'arn:aws:execute-api:us-east-1:1:abc/*',
  });
});

test('a REST API answers at the URL that its template puts together', async () => {
  const url = { 'Fn::Join': ['', ['https://', { Ref: 'Api' }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/', { Ref: 'Stage' }, '/']] };
  const { summary } = await testLaptop({
    App: {
      Resources: {
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
        Method: { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'Api' }, ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, HttpMethod: 'GET', AuthorizationType: 'NONE', Integration: { Type: 'MOCK', RequestTemplates: { 'application/json': '{"statusCode": 200}' }, IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': '{"stage":"$context.stage"}' } }] } } },
        Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' } }, DependsOn: ['Method'] },
        Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, DeploymentId: { Ref: 'Deployment' }, StageName: 'prod' } },
        Domain: { Type: 'AWS::ApiGateway::DomainName', Properties: { DomainName: 'api.example.com' } },
        Mapping: { Type: 'AWS::ApiGateway::BasePathMapping', Properties: { DomainName: { Ref: 'Domain' }, RestApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' } } },
      },
      Outputs: { Url: { Value: url } },
    },
  });
  const [{ outputs: [output] = [] } = {}] = summary.stacks;
  expect(output?.value).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/prod\/$/);
  expect(await (await fetch(output!.value)).json()).toEqual({ stage: 'prod' });
});
