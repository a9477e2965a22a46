import type { IConstruct } from 'constructs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Resource } from 'aws-cdk-lib';
import { acknowledgeWildcards } from './acknowledgements.ts';

/** A permission of one role. */
export interface Permission {
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
  /** Why a resource that holds a `*` is as narrow as it can be. Needed where one does. */
  readonly wildcard?: string;
}

/** Gives a role a permission, and acknowledges its wildcards with the reason. */
export function allow(grantee: IGrantable, permission: Permission): void {
  const principal = grantee.grantPrincipal;
  principal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: permission.actions,
      resources: permission.resources,
      ...(permission.conditions === undefined ? {} : { conditions: permission.conditions }),
    }),
  );
  if (permission.wildcard !== undefined && Resource.isResource(principal as unknown as IConstruct)) {
    acknowledgeWildcards(principal as unknown as IConstruct, permission.resources, permission.wildcard);
  }
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
