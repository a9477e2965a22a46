import type { Collection, Store } from '../core/store.ts';

/** A role as its template declares it: what an authorizer decides by. */
export interface RoleRecord {
  readonly roleName: string;
  readonly arn: string;
  readonly constructPath?: string;
  /** Who may assume it. */
  readonly trust: unknown;
  /** Policies written into the role itself, by name. */
  readonly inline: readonly { readonly name: string; readonly document: unknown }[];
  readonly managedPolicyArns: readonly string[];
  readonly permissionsBoundary?: string;
}

/** A policy of its own and the roles that it is attached to. */
export interface PolicyRecord {
  readonly id: string;
  readonly name: string;
  /** Managed policies have an ARN; inline ones have not. */
  readonly arn?: string;
  readonly document: unknown;
  readonly roleNames: readonly string[];
  readonly constructPath?: string;
}

/** A policy on a resource: a bucket, a topic, a queue, a key. */
export interface ResourcePolicyRecord {
  readonly resourceArn: string;
  readonly document: unknown;
  readonly constructPath?: string;
}

/** All that IAM knows, resolved and kept in the store. */
export interface PolicyRegistry {
  readonly roles: Collection<RoleRecord>;
  readonly policies: Collection<PolicyRecord>;
  readonly resourcePolicies: Collection<ResourcePolicyRecord>;
}

/** Opens the registry. */
export function policyRegistry(store: Store): PolicyRegistry {
  return { roles: store.collection('iam', 'role'), policies: store.collection('iam', 'policy'), resourcePolicies: store.collection('iam', 'resource-policy') };
}
