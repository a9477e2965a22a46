import type { LaptopContext } from '../../core/context.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import type { ServiceModule } from '../../core/service-module.ts';

/** A record as templates declare it. */
interface RecordProperties {
  readonly Name: string;
  readonly Type: string;
  readonly AliasTarget?: { readonly DNSName: string };
  readonly ResourceRecords?: readonly string[];
}

/** Amazon Route 53, as far as templates need it: the names of records lead where their targets are on this machine. No name server answers. */
export function createRoute53(context: LaptopContext): ServiceModule {
  const known = (records: readonly RecordProperties[]): void => {
    for (const { Name, Type, AliasTarget, ResourceRecords: [first] = [] } of records) {
      const target = AliasTarget?.DNSName ?? (Type === 'CNAME' ? first : undefined);
      if (target !== undefined) context.addresses.alias(Name, target);
    }
  };
  const provider = (type: string, recordsOf: (declaration: ResourceDeclaration) => readonly RecordProperties[]): ResourceProvider => ({
    type,
    apply(declaration) {
      const records = recordsOf(declaration);
      known(records);
      return { physicalId: records[0]?.Name ?? declaration.logicalId, attributes: {} };
    },
    remove(_, declaration) {
      for (const { Name } of recordsOf(declaration)) context.addresses.remove(Name);
    },
  });
  return {
    services: [],
    providers: [
      provider('AWS::Route53::RecordSet', ({ properties }) => [properties as unknown as RecordProperties]),
      provider('AWS::Route53::RecordSetGroup', ({ properties }) => (properties['RecordSets'] ?? []) as readonly RecordProperties[]),
    ],
  };
}
