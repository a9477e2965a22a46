import type { LaptopEvent } from '../core/events.ts';
import type { ResourceProvider } from '../core/resource.ts';
import { resourceKey, type DeploymentRecords, type ResourceRecord } from './records.ts';

/** What removal works with. */
export interface Removal {
  readonly records: DeploymentRecords;
  /** Keys of what the assembly still holds. */
  readonly live: ReadonlySet<string>;
  readonly providers: ReadonlyMap<string, ResourceProvider>;
  readonly emit: (event: LaptopEvent) => void;
}

/** Removes the resources and stacks that no template holds any more, the last deployed first. */
export async function removeVanished(removal: Removal): Promise<void> {
  const { records, live } = removal;
  const vanished = records.resources.list().filter(({ id }) => !live.has(id));
  for (const { id, value } of vanished.sort((left, right) => right.value.order - left.value.order)) {
    await retire(value, value.declaration.deletionPolicy, removal);
    records.resources.delete(id);
  }
  for (const { id } of records.stacks.list()) if (!live.has(id)) records.stacks.delete(id);
}

/** Takes one resource out of service as its policy says. What another resource has taken over by the same physical id stays. */
export async function retire({ declaration, provisioned }: ResourceRecord, policy: string | undefined, removal: Removal): Promise<void> {
  const { stackName, logicalId, type } = declaration;
  const retained = policy === 'Retain' || policy === 'RetainExceptOnCreate' || isTakenOver(declaration.type, provisioned.physicalId, resourceKey(stackName, logicalId), removal);
  if (!retained) await removal.providers.get(type)?.remove?.(provisioned, declaration);
  removal.emit({ type: 'resource', action: retained ? 'retained' : 'removed', stackName, logicalId, resourceType: type });
}

function isTakenOver(type: string, physicalId: string, ownKey: string, { records, live }: Removal): boolean {
  return records.resources.list().some(({ id, value }) => id !== ownKey && live.has(id) && value.declaration.type === type && value.provisioned.physicalId === physicalId);
}
