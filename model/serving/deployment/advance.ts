import type { DeploymentRecord } from '../record.ts';
import { type Author, type Change, ended, versionsAbove, withdraw, withStable, written } from './change.ts';
import { NotPossible } from './errors.ts';
import { sharesOf } from '../../spec/rollout-plan.ts';

/**
 * Takes a deployment one step further: to its next share, or to its end.
 * @param step the step that is left, so that the same call twice is one.
 */
export function advance(current: DeploymentRecord | undefined, id: string, step: number, author: Author): Change {
  const rollout = current?.rollout;
  if (current === undefined || rollout?.id !== id) return { kind: 'keep', why: `the deployment ${id} is not going on` };
  if (rollout.step !== step) return { kind: 'keep', why: `the deployment ${id} has left step ${String(step)} already` };
  const { canary } = current;
  const shares = sharesOf(rollout.plan);
  const share = shares[step];
  if (canary === undefined || share === undefined) return finish(current, author);
  const isLast = step === shares.length - 1;
  const next = { ...current, canary: { model: canary.model, weight: rollout.plan.kind === 'split' ? share : Math.max(canary.weight, share) } };
  if (rollout.plan.kind === 'split' && isLast) {
    const { rollout: _, ...split } = { ...next, ...ended(current, 'completed', author.now) };
    return written(split, author);
  }
  return written({ ...next, rollout: { ...rollout, step: step + 1 } }, author);
}

/**
 * Makes the canary the stable version, and so ends its deployment or its test.
 * @throws NotPossible where there is none.
 */
export function promote(current: DeploymentRecord | undefined, author: Author): Change {
  if (current?.canary === undefined) {
    throw new NotPossible(current === undefined ? 'Nothing was deployed yet.' : `There is no version beside the stable one, ${current.stable.modelVersion}: there is nothing to promote.`);
  }
  return finish(current, author);
}

function finish(current: DeploymentRecord, author: Author): Change {
  const { rollout: _rollout, canary, ...rest } = { ...current, ...ended(current, 'completed', author.now) };
  if (canary === undefined) return written(rest, author);
  // Whoever deploys an older version takes the newer ones back.
  const above = versionsAbove(canary.model, current.stable);
  const record = above.length === 0 ? rest : withdraw(rest, above, author.now, `version ${canary.model.modelVersion} was deployed in its place`);
  return written({ ...record, ...withStable(record, canary.model) }, author);
}
