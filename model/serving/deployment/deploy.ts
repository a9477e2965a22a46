import type { DeploymentRecord, RolloutState, ServedModel } from '../record.ts';
import { served } from '../record.ts';
import { type Author, type Change, ended, goingUp, isNewer, isWithdrawn, pardon, withdrawalOf, written } from './change.ts';
import { DeploymentInProgress } from './errors.ts';
import { describePlan, type RolloutPlan, secondsOf } from '../../spec/rollout-plan.ts';

/** A deployment that is asked for. */
export interface Deployment {
  /** Whose it is. The same deployment asked for twice is one. */
  readonly id: string;
  readonly model: ServedModel;
  readonly plan: RolloutPlan;
  /** Somebody asked for this very version: an older one, or one that was withdrawn, is deployed as well. @default false */
  readonly explicit?: boolean;
  /** It is deployed once more, because somebody has mended what it failed of: that it was withdrawn does not count. @default false */
  readonly again?: boolean;
  /** Takes the place of a deployment or a test of an older version that is going on. @default false */
  readonly supersedes?: boolean;
}

/** Beyond the plan's own time, after which a deployment that nobody has brought to an end counts as abandoned: the waits for what serves, twice over. */
const patienceMs = 2 * 3_600_000;

/**
 * Begins a deployment: the model becomes a canary that answers only those who ask for its version, until it was tried out; the first model of a target is served at
 * once, as there is nothing else. A late retry never brings an older model back, nor one that was withdrawn.
 * @throws DeploymentInProgress where another one is going on.
 */
export function deploy(current: DeploymentRecord | undefined, deployment: Deployment, author: Author): Change {
  const { id, model, plan, explicit = false, again = explicit, supersedes = false } = deployment;
  const going: RolloutState = {
    id, plan, step: 0, startedAt: author.now.toISOString(), deadline: new Date(author.now.getTime() + secondsOf(plan) * 1000 + patienceMs).toISOString(),
  };
  if (current === undefined) return written({ stable: served(model), rollout: going, previous: null }, author);

  const { stable, canary, rollout } = current;
  const isStable = stable.modelPackageArn === model.modelPackageArn;
  if (rollout !== undefined && goingUp(current).modelPackageArn === model.modelPackageArn) return { kind: 'keep', why: `version ${model.modelVersion} is being deployed already` };
  if (!again && isWithdrawn(current, model.modelPackageArn)) {
    return { kind: 'keep', why: `version ${model.modelVersion} was withdrawn at ${withdrawalOf(current, model.modelPackageArn)?.at ?? ''}: ${withdrawalOf(current, model.modelPackageArn)?.reason ?? ''}` };
  }
  if (!explicit && isNewer(stable, model)) return { kind: 'keep', why: `version ${stable.modelVersion} is served, which is newer than ${model.modelVersion}` };
  if (!explicit && !supersedes && isStable) return { kind: 'keep', why: `version ${model.modelVersion} is served already` };
  requireFree(current, deployment, author);
  const cleared = pardon(current, model.modelPackageArn);
  const end = ended(cleared, 'superseded', author.now, `version ${model.modelVersion} was deployed`);
  const { rollout: _rollout, canary: _canary, ...rest } = cleared;
  if (isStable) return canary === undefined && rollout === undefined ? { kind: 'keep', why: `version ${model.modelVersion} is served already` } : written({ ...rest, ...end }, author);
  // A version of a test that has its share keeps it.
  const weight = canary?.model.modelPackageArn === model.modelPackageArn ? canary.weight : 0;
  return written({ ...rest, ...end, canary: { model: served(model), weight }, rollout: going }, author);
}

/** @throws DeploymentInProgress that names what is going on. */
function requireFree(current: DeploymentRecord, { model, supersedes }: Deployment, { now }: Author): void {
  const { canary, rollout, stable } = current;
  const other = goingUp(current);
  if (rollout !== undefined) {
    const isAbandoned = Date.parse(rollout.deadline) < now.getTime();
    if (isAbandoned || (supersedes === true && isNewer(model, other))) return;
    throw new DeploymentInProgress(
      `Version ${other.modelVersion} is being deployed (${rollout.id}, ${describePlan(rollout.plan)}, since ${rollout.startedAt}), so that version ${model.modelVersion} is not. ` +
        'Wait for its end, or end it: slipway promote finishes it, slipway rollback takes it back.',
    );
  }
  if (canary === undefined || canary.model.modelPackageArn === model.modelPackageArn || model.modelPackageArn === stable.modelPackageArn || (supersedes === true && isNewer(model, other))) return;
  throw new DeploymentInProgress(
    `Version ${canary.model.modelVersion} takes ${String(Math.round(canary.weight * 1000) / 10)} % of the requests beside version ${stable.modelVersion}, so that version ${model.modelVersion} is not deployed. ` +
      'End the test first: slipway promote makes it the stable one, slipway rollback takes it back.',
  );
}
