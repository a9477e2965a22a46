import type { DeploymentRecord, ServedModel } from '../record.ts';
import { goingUp, withdrawalOf } from './change.ts';
import { watchOf } from '../../spec/rollout-plan.ts';

/** Which version a model is. */
export type ModelName = Pick<ServedModel, 'modelPackageArn' | 'modelName' | 'modelVersion'>;

/** How a deployment stands, for the state machine that brings it to its end. */
export interface Situation {
  readonly id: string;
  /**
   * TRYING: the version is live for those who ask for it, and is to be tried out. WATCHING: it has its share, and the alarms are to be watched.
   * CHANGED: what was asked for is in the record at once, and has no trial: a rollback, a promotion, other shares. COMPLETED, ROLLED_BACK, FAILED (a first deployment: its model is all there is), SUPERSEDED (another deployment took its place): it has ended.
   */
  readonly status: 'TRYING' | 'WATCHING' | 'CHANGED' | 'COMPLETED' | 'ROLLED_BACK' | 'FAILED' | 'SUPERSEDED';
  /** The model that it deploys; undefined where the record knows of it no more. */
  readonly model?: ModelName;
  readonly step: number;
  /** The share of the requests that it has now. */
  readonly weight: number;
  /** While it is WATCHING: the seconds between two looks at the alarms, and how many looks. */
  readonly watchSeconds: number;
  readonly watches: number;
  /** Whether it is the target's first: then it is served already, and there is nothing to go back to. */
  readonly first: boolean;
  /** The stable version. */
  readonly servedVersion: string;
  /** The model package that the stable one replaced. */
  readonly previous: string | null;
  /** Why it was taken back, or what took its place. */
  readonly reason?: string;
}

/**
 * How the deployment `id` stands.
 * @param model what it deploys, where the record may know of it no more.
 */
export function situationOf(record: DeploymentRecord, id: string, model?: ModelName): Situation {
  const { stable, rollout, ended, canary } = record;
  const common = { id, servedVersion: stable.modelVersion, previous: record.previous ?? null };
  const none = { step: 0, weight: 0, watchSeconds: 0, watches: 0, first: false };
  if (rollout?.id === id) {
    const watch = watchOf(rollout.plan);
    return {
      ...common, status: rollout.step === 0 ? 'TRYING' : 'WATCHING', model: nameOf(goingUp(record)), step: rollout.step, weight: canary?.weight ?? 1,
      watchSeconds: watch.seconds, watches: watch.times, first: canary === undefined,
    };
  }
  const known = model === undefined ? {} : { model: nameOf(model) };
  if (ended?.id === id) {
    const live = [stable, ...(canary === undefined ? [] : [canary.model])].find(({ modelPackageArn }) => modelPackageArn === ended.modelPackageArn);
    return {
      ...common, ...none, ...(live === undefined ? known : { model: nameOf(live) }), status: statuses[ended.outcome],
      weight: live === undefined ? 0 : live === stable ? 1 - (canary?.weight ?? 0) : (canary?.weight ?? 0), ...(ended.reason === undefined ? {} : { reason: ended.reason }),
    };
  }
  return { ...common, ...none, ...known, ...unknown(record, model) };
}

/** A change that stands in the record at once. */
export function changed(record: DeploymentRecord, id: string): Situation {
  const { stable, canary } = record;
  const model = goingUp(record);
  return { id, status: 'CHANGED', model: nameOf(model), step: 0, weight: canary?.weight ?? 1, watchSeconds: 0, watches: 0, first: false, servedVersion: stable.modelVersion, previous: record.previous ?? null };
}

const statuses = { completed: 'COMPLETED', rolledBack: 'ROLLED_BACK', failed: 'FAILED', superseded: 'SUPERSEDED' } as const;

/** A deployment that the record does not name: what became of its model tells. */
function unknown(record: DeploymentRecord, model: ModelName | undefined): Pick<Situation, 'status' | 'reason'> & { readonly weight?: number } {
  const { stable, canary, rollout } = record;
  if (model !== undefined && stable.modelPackageArn === model.modelPackageArn) return { status: 'COMPLETED', weight: 1 - (canary?.weight ?? 0) };
  const withdrawal = model === undefined ? undefined : withdrawalOf(record, model.modelPackageArn);
  if (withdrawal !== undefined) return { status: 'ROLLED_BACK', reason: withdrawal.reason };
  const by = rollout === undefined ? `version ${stable.modelVersion} is served` : `version ${(canary?.model ?? stable).modelVersion} is being deployed (${rollout.id})`;
  return { status: 'SUPERSEDED', reason: by };
}

function nameOf({ modelPackageArn, modelName, modelVersion }: ModelName): ModelName {
  return { modelPackageArn, modelName, modelVersion };
}
