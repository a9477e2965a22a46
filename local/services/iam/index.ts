import type { LaptopContext } from '../../core/context.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import { hashText } from '../../assembly/names.ts';
import { policyRegistry, type PolicyRegistry } from '../../iam/policies.ts';
import type { ServiceModule } from '../../core/service-module.ts';

const longestRoleName = 64;
const longestPolicyName = 128;

/** AWS IAM: the roles and policies of the templates, registered with their resolved documents. */
export function createIam({ store }: LaptopContext): ServiceModule {
  const registry = policyRegistry(store);
  return { services: [], providers: [roleProvider(registry), policyProvider(registry), managedPolicyProvider(registry), bucketPolicyProvider(registry)] };
}

interface RoleProperties {
  readonly RoleName?: string;
  readonly Path?: string;
  readonly AssumeRolePolicyDocument?: unknown;
  readonly Policies?: readonly { readonly PolicyName: string; readonly PolicyDocument: unknown }[];
  readonly ManagedPolicyArns?: readonly string[];
  readonly PermissionsBoundary?: string;
}

function roleProvider({ roles }: PolicyRegistry): ResourceProvider {
  return {
    type: 'AWS::IAM::Role',
    apply(declaration, { accountId, partition, physicalName }) {
      const { RoleName, Path = '/', AssumeRolePolicyDocument: trust, Policies = [], ManagedPolicyArns: managedPolicyArns = [], PermissionsBoundary } = declaration.properties as RoleProperties;
      const roleName = RoleName ?? physicalName(declaration, longestRoleName);
      const arn = `arn:${partition}:iam::${accountId}:role${Path}${roleName}`;
      const inline = Policies.map(({ PolicyName: name, PolicyDocument: document }) => ({ name, document }));
      roles.put(roleName, { roleName, arn, trust, inline, managedPolicyArns, ...(PermissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary }), ...origin(declaration) });
      return { physicalId: roleName, attributes: { Arn: arn, RoleId: `AROA${hashText(arn, 17)}` } };
    },
    remove: ({ physicalId }) => void roles.delete(physicalId),
  };
}

interface PolicyProperties {
  readonly PolicyName?: string;
  readonly ManagedPolicyName?: string;
  readonly Path?: string;
  readonly PolicyDocument?: unknown;
  readonly Roles?: readonly string[];
}

function policyProvider({ policies }: PolicyRegistry): ResourceProvider {
  return {
    type: 'AWS::IAM::Policy',
    apply(declaration, { physicalName }) {
      const { PolicyName: name = '', PolicyDocument: document, Roles: roleNames = [] } = declaration.properties as PolicyProperties;
      const id = physicalName(declaration, longestPolicyName);
      policies.put(id, { id, name, document, roleNames, ...origin(declaration) });
      return { physicalId: id, attributes: { Id: id } };
    },
    remove: ({ physicalId }) => void policies.delete(physicalId),
  };
}

function managedPolicyProvider({ policies }: PolicyRegistry): ResourceProvider {
  return {
    type: 'AWS::IAM::ManagedPolicy',
    apply(declaration, { accountId, partition, physicalName }) {
      const { ManagedPolicyName, Path = '/', PolicyDocument: document, Roles: roleNames = [] } = declaration.properties as PolicyProperties;
      const name = ManagedPolicyName ?? physicalName(declaration, longestPolicyName);
      const arn = `arn:${partition}:iam::${accountId}:policy${Path}${name}`;
      policies.put(arn, { id: arn, name, arn, document, roleNames, ...origin(declaration) });
      return { physicalId: arn, attributes: { PolicyArn: arn } };
    },
    remove: ({ physicalId }) => void policies.delete(physicalId),
  };
}

function bucketPolicyProvider({ resourcePolicies }: PolicyRegistry): ResourceProvider {
  return {
    type: 'AWS::S3::BucketPolicy',
    apply(declaration, { partition }) {
      const { Bucket: bucket, PolicyDocument: document } = declaration.properties;
      const resourceArn = `arn:${partition}:s3:::${String(bucket)}`;
      resourcePolicies.put(resourceArn, { resourceArn, document, ...origin(declaration) });
      return { physicalId: String(bucket), attributes: {} };
    },
    remove({ physicalId }, { properties }) {
      for (const { id, value } of resourcePolicies.list()) if (value.resourceArn.endsWith(`:::${String(properties['Bucket'] ?? physicalId)}`)) resourcePolicies.delete(id);
    },
  };
}

/** The construct that a record comes from, for messages that say who should have granted. */
function origin({ constructPath }: ResourceDeclaration): { constructPath?: string } {
  return constructPath === undefined ? {} : { constructPath };
}
