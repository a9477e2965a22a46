import type { ResourceDeclaration, Provisioned } from '../core/resource.ts';
import type { Collection, Store } from '../core/store.ts';

/** A deployed stack, as CloudFormation's API tells of it. */
export interface StackRecord {
  readonly stackId: string;
  readonly stackName: string;
  readonly status: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'CREATE_FAILED' | 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE' | 'UPDATE_FAILED' | 'UPDATE_ROLLBACK_COMPLETE';
  readonly statusReason?: string;
  /** ISO times. */
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: readonly StackOutput[];
  readonly tags: Readonly<Record<string, string>>;
  /** The template, as JSON. */
  readonly template: string;
  /** The stack that this one is nested in. */
  readonly parentId?: string;
}

/** One output of a deployed stack. */
export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** A deployed resource: what was declared, and what came of it. */
export interface ResourceRecord {
  readonly declaration: ResourceDeclaration;
  readonly provisioned: Provisioned;
  /** Its place in the order of deployment; removal goes backwards. */
  readonly order: number;
  /** Whether the laptop keeps it as a declaration alone. */
  readonly declared: boolean;
  /** Why its last update failed. */
  readonly failure?: string;
  readonly updatedAt: string;
}

/** What is deployed, in the store. */
export interface DeploymentRecords {
  readonly stacks: Collection<StackRecord>;
  /** By `<stack name>/<logical id>`. */
  readonly resources: Collection<ResourceRecord>;
}

/** Opens the records of what is deployed. */
export function deploymentRecords(store: Store): DeploymentRecords {
  return { stacks: store.collection('cloudformation', 'stack'), resources: store.collection('cloudformation', 'resource') };
}

/** Where a resource's record stands. */
export function resourceKey(stackName: string, logicalId: string): string {
  return `${stackName}/${logicalId}`;
}
