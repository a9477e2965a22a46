import type { LaptopContext } from '../../core/context.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import { stableId } from './ids.ts';

/** Types that the laptop knows, but that do nothing here: kept as records, each with a word on what is missing. */
export function recordProviders({ emit, region }: LaptopContext): ResourceProvider[] {
  const record = (type: string, note: string | undefined, provisioned: (declaration: ResourceDeclaration) => { physicalId: string; attributes: Record<string, unknown> }): ResourceProvider => ({
    type,
    apply(declaration, _, previous) {
      if (note !== undefined && previous === undefined) emit({ type: 'notice', message: `${declaration.constructPath ?? declaration.logicalId} is kept as a record: ${note}.` });
      return provisioned(declaration);
    },
  });
  const noName = 'the laptop answers to no name but 127.0.0.1: call the API by its own address';
  const domain = ({ properties }: ResourceDeclaration, hosted: Record<string, string>) => ({ physicalId: String(properties['DomainName']), attributes: { ...hosted, ...(typeof properties['DomainName'] === 'string' && { DomainName: properties['DomainName'] }) } });
  const byId = ({ stackName, logicalId }: ResourceDeclaration) => ({ physicalId: stableId(6, stackName, logicalId), attributes: { Id: stableId(6, stackName, logicalId) } });
  const regional = (declaration: ResourceDeclaration) => `d-${stableId(10, declaration.stackName, declaration.logicalId)}.execute-api.${region}.amazonaws.com`;
  return [
    record('AWS::ApiGateway::Account', undefined, byId),
    record('AWS::ApiGateway::DomainName', noName, (declaration) =>
      domain(declaration, { RegionalDomainName: regional(declaration), RegionalHostedZoneId: 'Z0000000000000', DistributionDomainName: regional(declaration), DistributionHostedZoneId: 'Z0000000000000' })),
    record('AWS::ApiGateway::BasePathMapping', undefined, byId),
    record('AWS::ApiGatewayV2::DomainName', noName, (declaration) => domain(declaration, { RegionalDomainName: regional(declaration), RegionalHostedZoneId: 'Z0000000000000' })),
    record('AWS::ApiGatewayV2::ApiMapping', undefined, (declaration) => ({ physicalId: byId(declaration).physicalId, attributes: { ApiMappingId: byId(declaration).physicalId } })),
  ];
}
