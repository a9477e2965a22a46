import { WriteConflict } from '../errors.ts';
import type { RegisteredModel } from '../payload.ts';
import { type Change, isNewer, withdrawalOf } from '../../../model/serving/deployment/change.ts';
import { deploy } from '../../../model/serving/deployment/deploy.ts';
import { restore, stopCanary } from '../../../model/serving/deployment/roll-back.ts';
import type { RolloutPlan } from '../../../model/spec/rollout-plan.ts';
import type { DeploymentRecord } from '../../../model/serving/record.ts';
import type { CurrentRecord } from '../record-store.ts';

/** A model that may be released, with the run that made it. */
export interface Releasable {
  readonly model: RegisteredModel;
  readonly run: string;
}

/** What reconciling asks, and the one thing that it changes. */
export interface ReleaseWorld {
  readRecord(): Promise<CurrentRecord | undefined>;
  /** @throws WriteConflict where another writer was first */
  writeRecord(record: DeploymentRecord, replaced: CurrentRecord | undefined): Promise<void>;
  /** ARNs of the versions that may be approved, the highest first. */
  candidates(): Promise<readonly string[]>;
  /** Whether the registry calls a version approved now. */
  isApproved(modelPackageArn: string): Promise<boolean>;
  /** The version, where it may be released: it was tried on staging and asked about, and its artifact is what was evaluated. */
  releasable(modelPackageArn: string): Promise<Releasable | undefined>;
}

/** How the record stands once all agrees. */
export interface Release {
  /** Undefined where nothing was ever released. */
  readonly record: DeploymentRecord | undefined;
  /** Whether this call wrote it. */
  readonly changed: boolean;
  /** Whether a version that it names is approved. Where none is, what is served stays: no model at all would be worse. */
  readonly approved: boolean;
}

/** How a version that goes up is deployed. */
export interface Reconciling {
  /** Whose deployment it is. */
  readonly id: string;
  readonly plan: RolloutPlan;
  /** Whether a version that a rollback withdrew then may be deployed again: somebody has approved it since, or mended what it failed of. @default - none may */
  readonly mayReturn?: (modelPackageArn: string, withdrawnAt: string) => boolean;
}

/** What the registry says that decides on the record. */
export interface Facts {
  /** The highest version that may be served. */
  readonly wanted: Releasable | undefined;
  /** The highest one that is not the canary. */
  readonly other: Releasable | undefined;
  readonly isStableApproved: boolean;
  readonly isCanaryApproved: boolean;
}

/** Writes and lost races in a row after which something else is wrong. */
const attempts = 12;

/**
 * Makes the record name the highest approved version, whoever asks and however often: the run that deploys, or the event on a
 * decision. The registry is asked after the record was read, and again after it was written: a decision that falls in between is
 * seen by whoever writes last, so that no order of calls leaves a rejected version in place. A version that goes up follows the
 * target's plan, and one that was taken back by a rollback stays back; a rejection is carried out at once.
 */
export async function reconcile(world: ReleaseWorld, how: Reconciling, now: () => Date): Promise<Release> {
  let changed = false;
  for (let attempt = 1; ; attempt += 1) {
    const current = await world.readRecord();
    const facts = await factsOf(world, current?.record, how);
    const decision = decide(current?.record, facts, how, now());
    if (decision.kind === 'keep') return { record: current?.record, changed, approved: facts.wanted !== undefined };
    if (attempt === attempts) throw new Error(`The record still changed after ${String(attempts)} tries: other writers do not come to rest.`);
    try {
      await world.writeRecord(decision.record, current);
      changed = true;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

/** What becomes of the record. */
export function decide(current: DeploymentRecord | undefined, facts: Facts, { id, plan, mayReturn }: Reconciling, now: Date): Change {
  const { wanted, other, isStableApproved, isCanaryApproved } = facts;
  const author = { run: wanted?.run ?? id, now };
  const again = wanted !== undefined && mayReturn !== undefined && isReturning(current, wanted.model.modelPackageArn, mayReturn);
  if (current === undefined) return wanted === undefined ? { kind: 'keep', why: 'nothing is approved' } : deploy(undefined, { id, model: wanted.model, plan }, author);

  const cleaned: Change = isCanaryApproved ? { kind: 'keep', why: 'what is served is approved' } : stopCanary(current, `version ${current.canary?.model.modelVersion ?? ''} is not approved any more`, author);
  const record = cleaned.kind === 'write' ? cleaned.record : current;
  const { stable, canary } = record;
  if (wanted === undefined || wanted.model.modelPackageArn === stable.modelPackageArn) return cleaned;
  if (wanted.model.modelPackageArn === canary?.model.modelPackageArn) {
    // It goes up, or is tested; meanwhile nothing that is rejected serves the others.
    if (isStableApproved || other === undefined || other.model.modelPackageArn === stable.modelPackageArn) return cleaned;
    return restore(record, other.model, true, author);
  }
  if (isNewer(wanted.model, stable)) return deploy(record, { id, model: wanted.model, plan, supersedes: true, again }, author);
  return restore(record, wanted.model, true, author);
}

async function factsOf(world: ReleaseWorld, record: DeploymentRecord | undefined, how: Reconciling): Promise<Facts> {
  const canary = record?.canary?.model.modelPackageArn;
  const wanted = await highest(world, record, how, undefined);
  const isUp = wanted !== undefined && wanted.model.modelPackageArn === canary;
  return {
    wanted,
    other: isUp ? await highest(world, record, how, canary) : wanted,
    isStableApproved: record === undefined || (isUp ? await world.isApproved(record.stable.modelPackageArn) : true),
    isCanaryApproved: canary === undefined || isUp || (await world.isApproved(canary)),
  };
}

/** What the record should name. What it names already was looked at when it was written. */
async function highest(world: ReleaseWorld, current: DeploymentRecord | undefined, { mayReturn }: Reconciling, besides: string | undefined): Promise<Releasable | undefined> {
  for (const modelPackageArn of await world.candidates()) {
    if (modelPackageArn === besides || !(await world.isApproved(modelPackageArn))) continue;
    if (withdrawalOf(current, modelPackageArn) !== undefined && !isReturning(current, modelPackageArn, mayReturn)) continue;
    const known = [current?.stable, current?.canary?.model].find((model) => model?.modelPackageArn === modelPackageArn);
    if (known !== undefined && current !== undefined) return { model: known, run: current.run };
    const releasable = await world.releasable(modelPackageArn);
    // When it was asked for on staging it may have been pending.
    if (releasable !== undefined) return { ...releasable, model: { ...releasable.model, approval: 'Approved' } };
  }
  return undefined;
}

function isReturning(current: DeploymentRecord | undefined, modelPackageArn: string, mayReturn: Reconciling['mayReturn']): boolean {
  const withdrawal = withdrawalOf(current, modelPackageArn);
  return withdrawal !== undefined && mayReturn?.(modelPackageArn, withdrawal.at) === true;
}
