import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApiGateway } from '../../../local/services/apigateway/index.ts';
import { createWaf } from '../../../local/services/wafv2/index.ts';
import { createXRay } from '../../../local/services/xray/index.ts';
import { openBench, type Bench } from './harness.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await openBench({ modules: [createApiGateway, createWaf, createXRay] });
});

afterEach(() => bench.close());

const notices = (): string[] => bench.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));

it('web ACLs stand with the names that AWS gives them, and filter nothing', async () => {
  const { physicalId, attributes } = await bench.provision('AWS::WAFv2::WebACL', 'Acl', { Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
  expect(physicalId).toMatch(/^Test-Acl\|[0-9a-f-]{36}\|REGIONAL$/);
  expect(attributes['Arn']).toMatch(/^arn:aws:wafv2:us-east-1:000000000000:regional\/webacl\/Test-Acl\/[0-9a-f-]{36}$/);
  const associate = () => bench.provision('AWS::WAFv2::WebACLAssociation', 'Association', { ResourceArn: 'arn:aws:apigateway:us-east-1::/restapis/a/stages/b', WebACLArn: attributes['Arn'] });
  await associate();
  await associate();
  expect(notices()).toEqual([expect.stringMatching(/^Association is kept as a record: the laptop filters no request/)]);
  expect((await bench.provision('AWS::WAFv2::WebACL', 'Acl', { Scope: 'REGIONAL' })).physicalId).toBe(physicalId);
});

it('traces are kept by no one, which is told', async () => {
  const { physicalId: RestApiId } = await bench.provision('AWS::ApiGateway::RestApi', 'Api', {});
  await bench.provision('AWS::ApiGateway::Stage', 'Stage', { RestApiId, StageName: 'prod', TracingEnabled: true });
  expect((await bench.provision('AWS::XRay::Group', 'Group', { GroupName: 'all' })).attributes).toEqual({ GroupARN: 'arn:aws:xray:us-east-1:000000000000:group/all' });
  await bench.provision('AWS::XRay::SamplingRule', 'Rule', { SamplingRule: { RuleName: 'some' } });
  expect(notices()).toEqual(['Stage asks for X-Ray traces, of which the laptop keeps none.', 'Group is kept as a record: the laptop keeps no traces.', 'Rule is kept as a record: the laptop keeps no traces.']);
});

it('custom domains are records: the laptop answers to its own address', async () => {
  const rest = await bench.provision('AWS::ApiGateway::DomainName', 'Rest', { DomainName: 'rest.example.com', RegionalCertificateArn: 'arn:cert' });
  const http = await bench.provision('AWS::ApiGatewayV2::DomainName', 'Http', { DomainName: 'http.example.com' });
  expect([rest.physicalId, http.physicalId]).toEqual(['rest.example.com', 'http.example.com']);
  for (const { attributes } of [rest, http]) expect(attributes).toMatchObject({ RegionalDomainName: expect.stringMatching(/^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/) as unknown, RegionalHostedZoneId: expect.any(String) as unknown });
  expect((await bench.provision('AWS::ApiGatewayV2::ApiMapping', 'Mapping', { DomainName: 'http.example.com', ApiId: 'a', Stage: '$default' })).attributes).toEqual({ ApiMappingId: expect.stringMatching(/^[a-z0-9]{6}$/) as unknown });
  expect(notices()).toEqual([expect.stringContaining('Rest is kept as a record'), expect.stringContaining('Http is kept as a record')]);
});
