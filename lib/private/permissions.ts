import type { IConstruct } from 'constructs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Annotations, Resource, Stack } from 'aws-cdk-lib';
import { acknowledgeWildcards } from './acknowledgements.ts';

/** A permission of one role. */
export interface Permission {
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
  /** Why a resource that holds a `*` is as narrow as it can be. Needed where one does. */
  readonly wildcard?: string;
}

/**
 * Gives a role a permission, and acknowledges its wildcards with the reason. Where the role's policies are its owner's, a warning says what to add.
 * @throws Error where the principal has no policies of its own (a service, an account).
 */
export function allow(grantee: IGrantable, permission: Permission): void {
  const principal = grantee.grantPrincipal;
  const statement = new PolicyStatement({
    actions: permission.actions,
    resources: permission.resources,
    ...(permission.conditions === undefined ? {} : { conditions: permission.conditions }),
  });
  const { statementAdded } = principal.addToPrincipalPolicy(statement);
  const role = Resource.isResource(principal as unknown as IConstruct) ? (principal as unknown as IConstruct) : undefined;
  if (!statementAdded && role === undefined) {
    throw new Error(`${String(principal)} is granted ${permission.actions.join(', ')}, but has no policy to add that to. Grant it to a role, a user or a group.`);
  }
  if (role === undefined) return;
  if (!statementAdded || isImmutable(principal)) warnOfMissing(role, statement);
  else if (permission.wildcard !== undefined) acknowledgeWildcards(role, permission.resources, permission.wildcard);
}

/** A role of another account, or one that is not to be changed: CDK says that it added the statement, and drops it. */
function isImmutable(principal: IPrincipal): boolean {
  return (principal.constructor as { readonly PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === 'aws-cdk-lib.aws-iam.ImmutableRole';
}

function warnOfMissing(role: IConstruct, statement: PolicyStatement): void {
  Annotations.of(role).addWarningV2(
    'slipway:notGranted',
    `The policies of this role are not changed from here (it is imported as immutable, or belongs to another account), so it has to have this statement already, or calls are denied: ` +
      `${JSON.stringify(Stack.of(role).resolve(statement.toStatementJson()))}. Where it has all that these warnings name, acknowledge them: Annotations.of(role).acknowledgeWarning('slipway:notGranted').`,
  );
}

const prefixWildcard = (prefix: string) => `Object keys under ${prefix} are made at run time; the prefix is the narrowest that IAM can say.`;

/** Gives a role objects to read under a prefix (or one key), and the key that encrypts them. */
export function allowRead(grantee: IGrantable, bucket: IBucket, keys: string): void {
  allow(grantee, { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [bucket.arnForObjects(keys)], wildcard: prefixWildcard(keys) });
  allowKey(grantee, bucket.encryptionKey, ['kms:Decrypt']);
}

/** Gives a role a prefix (or one key) to write under, and the key that encrypts it. */
export function allowWrite(grantee: IGrantable, bucket: IBucket, keys: string): void {
  allow(grantee, { actions: ['s3:PutObject'], resources: [bucket.arnForObjects(keys)], wildcard: prefixWildcard(keys) });
  allowKey(grantee, bucket.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
}

/**
 * Lets a role see that an object is missing: without `s3:ListBucket` S3 answers 403 instead of 404. It cannot be narrowed to a
 * prefix, since a GetObject has no `s3:prefix` to compare with.
 */
export function allowToMiss(grantee: IGrantable, bucket: IBucket): void {
  allow(grantee, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
}

/** Lets a role list the keys under a prefix. */
export function allowList(grantee: IGrantable, bucket: IBucket, prefix: string): void {
  allow(grantee, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${prefix}*` } } });
}

/** Lets a role use a customer's key; without a key there is nothing to grant. */
export function allowKey(grantee: IGrantable, key: IKey | undefined, actions: string[]): void {
  if (key !== undefined) allow(grantee, { actions, resources: [key.keyArn] });
}
