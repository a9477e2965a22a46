import { WriteConflict } from '../errors.ts';
import type { RegisteredModel } from '../payload.ts';
import { type DeploymentRecord, served } from '../../../model/serving/record.ts';
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
  /** Whether the version that it names is approved. Where none is, what is served stays: no model at all would be worse. */
  readonly approved: boolean;
}

/** Writes and lost races in a row after which something else is wrong. */
const attempts = 12;

/**
 * Makes the record name the highest approved version, whoever asks and however often: the run that deploys, or the event on a
 * decision. The registry is asked after the record was read, and again after it was written: a decision that falls in between is
 * seen by whoever writes last, so that no order of calls leaves a withdrawn version in place.
 */
export async function reconcile(world: ReleaseWorld, now: () => Date): Promise<Release> {
  let changed = false;
  for (let attempt = 1; ; attempt += 1) {
    const current = await world.readRecord();
    const wanted = await highest(world, current?.record);
    const decision = decide(current?.record, wanted, now());
    if (decision === undefined) return { record: current?.record, changed, approved: wanted !== undefined };
    if (attempt === attempts) throw new Error(`The record still changed after ${String(attempts)} tries: other writers do not come to rest.`);
    try {
      await world.writeRecord(decision, current);
      changed = true;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

/** The record that names `wanted`; undefined where the present one stays. */
export function decide(current: DeploymentRecord | undefined, wanted: Releasable | undefined, now: Date): DeploymentRecord | undefined {
  const previous = current?.stable.modelPackageArn ?? null;
  if (wanted === undefined || wanted.model.modelPackageArn === previous) return undefined;
  return { stable: served(wanted.model), previous, updatedAt: now.toISOString(), run: wanted.run };
}

/** What the record should name. What it names already was looked at when it was written. */
async function highest(world: ReleaseWorld, current: DeploymentRecord | undefined): Promise<Releasable | undefined> {
  for (const modelPackageArn of await world.candidates()) {
    if (!(await world.isApproved(modelPackageArn))) continue;
    if (current?.stable.modelPackageArn === modelPackageArn) return { model: current.stable, run: current.run };
    const releasable = await world.releasable(modelPackageArn);
    if (releasable !== undefined) return releasable;
  }
  return undefined;
}
