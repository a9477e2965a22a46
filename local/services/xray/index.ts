import type { LaptopContext } from '../../core/context.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import type { ServiceModule } from '../../core/service-module.ts';

/** AWS X-Ray, as records: groups and sampling rules stand, and no trace is kept. */
export function createXRay({ emit, partition, region, accountId }: LaptopContext): ServiceModule {
  const record = (type: string, nameOf: (declaration: ResourceDeclaration) => unknown, kind: string, attribute: string): ResourceProvider => ({
    type,
    apply(declaration, { physicalName }, previous) {
      if (previous === undefined) emit({ type: 'notice', message: `${declaration.constructPath ?? declaration.logicalId} is kept as a record: the laptop keeps no traces.` });
      const arn = `arn:${partition}:xray:${region}:${accountId}:${kind}/${String(nameOf(declaration) ?? physicalName(declaration, 32))}`;
      return { physicalId: arn, attributes: { [attribute]: arn } };
    },
  });
  return {
    services: [],
    providers: [
      record('AWS::XRay::Group', ({ properties }) => properties['GroupName'], 'group', 'GroupARN'),
      record('AWS::XRay::SamplingRule', ({ properties }) => (properties['SamplingRule'] as { RuleName?: string } | undefined)?.RuleName, 'sampling-rule', 'RuleARN'),
    ],
  };
}
