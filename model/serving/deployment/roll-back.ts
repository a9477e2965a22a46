import type { DeploymentRecord, ServedModel } from '../record.ts';
import { type Author, type Change, ended, isWithdrawn, withdraw, withStable, written } from './change.ts';
import { NotPossible } from './errors.ts';

/**
 * Takes a deployment back, at once: the canary goes, or, where the deployment had come to its end, the version before is stable again. The version is marked as withdrawn.
 * The first model of a target stays, since there is nothing to go back to. Another deployment than `id` is left alone.
 */
export function rollBackDeployment(current: DeploymentRecord | undefined, id: string, reason: string, author: Author): Change {
  if (current === undefined) return { kind: 'keep', why: 'nothing was deployed' };
  if (current.rollout?.id === id) return current.canary === undefined ? giveUp(current, reason, author) : dropCanary(current, reason, author);
  const end = current.ended;
  const isLast = end?.id === id && end.outcome === 'completed' && current.canary === undefined && current.stable.modelPackageArn === end.modelPackageArn;
  if (!isLast || previousOf(current) === undefined) return { kind: 'keep', why: `the deployment ${id} is not going on` };
  const { record } = revert(current, reason, author);
  return written({ ...record, ended: { ...end, outcome: 'rolledBack', at: author.now.toISOString(), reason } }, author);
}

/**
 * Takes back what was deployed last, whoever did it: the version beside the stable one, or else the stable one itself.
 * @throws NotPossible where there is nothing to go back to.
 */
export function rollBack(current: DeploymentRecord | undefined, reason: string, author: Author): Change {
  if (current === undefined) throw new NotPossible('Nothing was deployed yet: there is nothing to go back to.');
  if (current.canary !== undefined) return dropCanary(current, reason, author);
  if (previousOf(current) === undefined) {
    throw new NotPossible(`Version ${current.stable.modelVersion} has no version before it to go back to. Deploy another one: slipway deploy VERSION.`);
  }
  const { record } = revert(current, reason, author);
  return written(record, author);
}

/**
 * Makes an earlier version the stable one at once, because what is stable may not serve any more. A canary stays, unless it is that version.
 * @param isCanaryLeft whether the canary, where there is one, goes on.
 */
export function restore(current: DeploymentRecord, model: ServedModel, isCanaryLeft: boolean, author: Author): Change {
  const { canary, rollout, ...rest } = current;
  const stays = isCanaryLeft && canary !== undefined && canary.model.modelPackageArn !== model.modelPackageArn;
  const end = stays ? {} : ended(current, 'superseded', author.now, `version ${model.modelVersion} was restored`);
  return written({ ...rest, ...end, ...withStable(rest, model), ...(stays ? { canary, ...(rollout === undefined ? {} : { rollout }) } : {}) }, author);
}

/** Takes the canary out of service without a mark, since the registry says already that it may not serve; or because a test is over. */
export function stopCanary(current: DeploymentRecord, reason: string, author: Author): Change {
  const { canary: _canary, rollout: _rollout, ...rest } = { ...current, ...ended(current, 'rolledBack', author.now, reason) };
  return written(rest, author);
}

function dropCanary(current: DeploymentRecord, reason: string, author: Author): Change {
  const { canary, rollout: _rollout, ...rest } = { ...current, ...ended(current, 'rolledBack', author.now, reason) };
  return written(canary === undefined ? rest : withdraw(rest, [canary.model.modelPackageArn], author.now, reason), author);
}

/** A first deployment that failed: its model is what there is. */
function giveUp(current: DeploymentRecord, reason: string, author: Author): Change {
  const { rollout: _, ...rest } = { ...current, ...ended(current, 'failed', author.now, reason) };
  return written(rest, author);
}

function revert(current: DeploymentRecord, reason: string, { now }: Author): { readonly record: DeploymentRecord } {
  const { rollout: _, ...rest } = { ...current, ...ended(current, 'rolledBack', now, reason) };
  const withdrawn = withdraw(rest, [current.stable.modelPackageArn], now, reason);
  return { record: { ...withdrawn, ...withStable(withdrawn, previousOf(withdrawn)!) } };
}

/** The version before: the latest of the history that was not withdrawn. */
function previousOf(record: DeploymentRecord): ServedModel | undefined {
  return record.history?.find(({ modelPackageArn }) => !isWithdrawn(record, modelPackageArn) && modelPackageArn !== record.stable.modelPackageArn);
}
