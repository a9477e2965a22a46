import type { LaptopEvent } from '../core/events.ts';
import type { ResourceDeclaration } from '../core/resource.ts';
import { resourceKey, type DeploymentRecords, type StackRecord } from './records.ts';

/** An update of a resource that goes on after the stack stands. */
export interface Settling {
  readonly declaration: ResourceDeclaration;
  readonly work: Promise<void>;
}

/** Gives a stack its last status when all that goes on has come to an end. A laptop that ends before leaves it in progress. */
export async function settleStack(settling: readonly Settling[], done: StackRecord, { records, emit }: { readonly records: DeploymentRecords; readonly emit: (event: LaptopEvent) => void }): Promise<void> {
  const results = await Promise.allSettled(settling.map(({ work }) => work));
  const failed = settling.flatMap(({ declaration }, index) => {
    const result = results[index]!;
    return result.status === 'rejected' ? [{ declaration, reason: result.reason instanceof Error ? result.reason.message : String(result.reason) }] : [];
  });
  for (const { declaration, reason } of failed) {
    const key = resourceKey(declaration.stackName, declaration.logicalId);
    const record = records.resources.get(key);
    if (record !== undefined) records.resources.put(key, { ...record, failure: reason });
    emit({ type: 'notice', message: `The update of ${declaration.constructPath ?? key} failed and was rolled back: ${reason}` });
  }
  const reasons = failed.map(({ reason }) => reason).join(' ');
  const names = failed.map(({ declaration }) => declaration.logicalId).join(', ');
  records.stacks.put(done.stackName, failed.length === 0 ? done : { ...done, status: 'UPDATE_ROLLBACK_COMPLETE', statusReason: `The following resource(s) failed to update: [${names}]. ${reasons}` });
}
