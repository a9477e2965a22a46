import { expect, test } from 'vitest';
import { createIam } from '../../../local/services/iam/index.ts';
import type { LaptopContext } from '../../../local/core/context.ts';
import type { ProvisionContext } from '../../../local/core/resource.ts';
import { physicalName } from '../../../local/assembly/names.ts';
import { policyRegistry } from '../../../local/iam/policies.ts';
import { openStore } from '../../../local/store/sqlite.ts';
import { temporaryDirectory } from '../support/assembly.ts';

test('roles and policies are registered with their documents and where they come from, and forgotten', async () => {
  const store = openStore(temporaryDirectory());
  const { providers } = createIam({ store } as LaptopContext);
  const context: ProvisionContext = { accountId: '000000000000', region: 'us-east-1', partition: 'aws', assetPath: () => undefined, settle: () => undefined, physicalName };
  const apply = async (type: string, logicalId: string, properties: Record<string, unknown>) => {
    const provider = providers.find((each) => each.type === type)!;
    const declaration = { stackName: 'App', logicalId, type, properties, metadata: {}, constructPath: `App/${logicalId}` };
    const provisioned = await provider.apply(declaration, context);
    return { provisioned, remove: () => provider.remove?.(provisioned, declaration) };
  };
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
  const document = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

  const role = await apply('AWS::IAM::Role', 'Worker', { AssumeRolePolicyDocument: trust, Path: '/app/', Policies: [{ PolicyName: 'own', PolicyDocument: document }], ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'], PermissionsBoundary: 'arn:boundary' });
  const roleName = role.provisioned.physicalId;
  const arn = `arn:aws:iam::000000000000:role/app/${roleName}`;
  expect(role.provisioned.attributes).toEqual({ Arn: arn, RoleId: expect.stringMatching(/^AROA[0-9A-Z]{17}$/) });
  const policy = await apply('AWS::IAM::Policy', 'Default', { PolicyName: 'default', PolicyDocument: document, Roles: [roleName] });
  const managed = await apply('AWS::IAM::ManagedPolicy', 'Shared', { ManagedPolicyName: 'shared', PolicyDocument: document, Roles: [roleName] });
  const bucket = await apply('AWS::S3::BucketPolicy', 'BucketPolicy', { Bucket: 'data', PolicyDocument: document });

  const registry = policyRegistry(store);
  expect(registry.roles.get(roleName)).toEqual({ roleName, arn, trust, inline: [{ name: 'own', document }], managedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'], permissionsBoundary: 'arn:boundary', constructPath: 'App/Worker' });
  expect(registry.policies.list().map(({ value }) => [value.name, value.arn, value.roleNames, value.constructPath])).toEqual([
    ['default', undefined, [roleName], 'App/Default'],
    ['shared', 'arn:aws:iam::000000000000:policy/shared', [roleName], 'App/Shared'],
  ]);
  expect(registry.resourcePolicies.get('arn:aws:s3:::data')).toEqual({ resourceArn: 'arn:aws:s3:::data', document, constructPath: 'App/BucketPolicy' });

  for (const each of [role, policy, managed, bucket]) await each.remove();
  expect([registry.roles.list(), registry.policies.list(), registry.resourcePolicies.list()]).toEqual([[], [], []]);
  store.close();
});
