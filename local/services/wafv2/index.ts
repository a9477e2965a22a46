import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import type { ResourceProvider } from '../../core/resource.ts';
import type { ServiceModule } from '../../core/service-module.ts';

/** ACL names have at most 128 characters. */
const longestName = 128;

/** AWS WAF, as records: templates that refer to ACLs come up, and the person at the laptop hears that nothing is filtered. */
export function createWaf({ emit, partition, region, accountId }: LaptopContext): ServiceModule {
  const webAcl: ResourceProvider = {
    type: 'AWS::WAFv2::WebACL',
    apply(declaration, { physicalName }, previous) {
      const { Name, Scope = 'REGIONAL' } = declaration.properties as { Name?: string; Scope?: 'REGIONAL' | 'CLOUDFRONT' };
      const name = Name ?? physicalName(declaration, longestName);
      const id = String(previous?.attributes['Id'] ?? randomUUID());
      const arn = `arn:${partition}:wafv2:${region}:${accountId}:${Scope === 'REGIONAL' ? 'regional' : 'global'}/webacl/${name}/${id}`;
      return { physicalId: `${name}|${id}|${Scope}`, attributes: { Arn: arn, Id: id, Capacity: 0, LabelNamespace: `awswaf:${accountId}:webacl:${name}:` } };
    },
  };
  const association: ResourceProvider = {
    type: 'AWS::WAFv2::WebACLAssociation',
    apply({ properties, constructPath, logicalId }, _, previous) {
      const { ResourceArn, WebACLArn } = properties as { ResourceArn: string; WebACLArn: string };
      if (previous === undefined) emit({ type: 'notice', message: `${constructPath ?? logicalId} is kept as a record: the laptop filters no request, so that rules of the web ACL refuse nothing here.` });
      return { physicalId: `${ResourceArn}|${WebACLArn}`, attributes: {} };
    },
  };
  return { services: [], providers: [webAcl, association] };
}
