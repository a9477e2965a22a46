import { groupOf, versionOf } from '../../spec/model-package.ts';
import type { DeploymentRecord, ServedModel } from '../record.ts';

/** What becomes of the record: a new one, or the present one for a reason. */
export type Change =
  | { readonly kind: 'write'; readonly record: DeploymentRecord }
  | { readonly kind: 'keep'; readonly why: string };

/** Who changes the record, and when. */
export interface Author {
  /** The run, the command or the decision. */
  readonly run: string;
  readonly now: Date;
}

/** Models that a rollback can go back to. */
const longestHistory = 10;

/** Versions that stay marked as withdrawn, and versions that one deployment of an older one marks. */
const mostWithdrawn = 50;

/** The record with what is written into each. */
export function written(record: Omit<DeploymentRecord, 'updatedAt' | 'run'>, { run, now }: Author): Change {
  return { kind: 'write', record: { ...compact(record), updatedAt: now.toISOString(), run } };
}

/** Ends the deployment that is going on, where there is one. */
export function ended(record: DeploymentRecord, outcome: NonNullable<DeploymentRecord['ended']>['outcome'], now: Date, reason?: string): Pick<DeploymentRecord, 'ended'> {
  const { rollout } = record;
  if (rollout === undefined) return record.ended === undefined ? {} : { ended: record.ended };
  const modelPackageArn = goingUp(record).modelPackageArn;
  return { ended: { id: rollout.id, outcome, modelPackageArn, at: now.toISOString(), ...(reason === undefined ? {} : { reason }) } };
}

/** The model that the deployment brings: the canary, or, where there was nothing before it, the stable one. */
export function goingUp({ stable, canary }: DeploymentRecord): ServedModel {
  return canary?.model ?? stable;
}

/** Makes a model the stable one, and what was stable a part of the history. */
export function withStable(record: DeploymentRecord, stable: ServedModel): Pick<DeploymentRecord, 'stable' | 'previous' | 'history'> {
  const replaced = record.stable;
  const history = [replaced, ...(record.history ?? [])].filter(({ modelPackageArn }) => modelPackageArn !== stable.modelPackageArn && !isWithdrawn(record, modelPackageArn));
  const first = new Map(history.toReversed().map((model) => [model.modelPackageArn, model]));
  return { stable, previous: replaced.modelPackageArn, history: [...first.values()].reverse().slice(0, longestHistory) };
}

/** Marks versions as withdrawn, and takes them out of the history. */
export function withdraw(record: DeploymentRecord, modelPackageArns: readonly string[], now: Date, reason: string): DeploymentRecord {
  const marks = modelPackageArns.slice(0, mostWithdrawn).map((modelPackageArn) => ({ modelPackageArn, at: now.toISOString(), reason }));
  const left = (record.withdrawn ?? []).filter(({ modelPackageArn }) => !modelPackageArns.includes(modelPackageArn));
  const withdrawn = [...marks, ...left].slice(0, mostWithdrawn);
  return { ...record, withdrawn, history: (record.history ?? []).filter(({ modelPackageArn }) => !modelPackageArns.includes(modelPackageArn)) };
}

/** Takes the mark off a version that is deployed explicitly. */
export function pardon(record: DeploymentRecord, modelPackageArn: string): DeploymentRecord {
  return { ...record, withdrawn: (record.withdrawn ?? []).filter((mark) => mark.modelPackageArn !== modelPackageArn) };
}

/** The mark of a version that a rollback took out of service. */
export function withdrawalOf(record: DeploymentRecord | undefined, modelPackageArn: string): NonNullable<DeploymentRecord['withdrawn']>[number] | undefined {
  return record?.withdrawn?.find((mark) => mark.modelPackageArn === modelPackageArn);
}

export function isWithdrawn(record: DeploymentRecord | undefined, modelPackageArn: string): boolean {
  return withdrawalOf(record, modelPackageArn) !== undefined;
}

/** Whether `model` is a newer version of the same group than `other`. */
export function isNewer(model: Pick<ServedModel, 'modelPackageArn'>, other: Pick<ServedModel, 'modelPackageArn'>): boolean {
  return groupOf(model.modelPackageArn) === groupOf(other.modelPackageArn) && Number(versionOf(model.modelPackageArn)) > Number(versionOf(other.modelPackageArn));
}

/** The versions above `lower` up to `upper`, where both are of one group: what going back from one to the other takes out of service. */
export function versionsAbove(lower: ServedModel, upper: ServedModel): string[] {
  if (!isNewer(upper, lower)) return [];
  const group = groupOf(upper.modelPackageArn);
  const from = Number(versionOf(lower.modelPackageArn));
  const to = Number(versionOf(upper.modelPackageArn));
  return Array.from({ length: Math.min(mostWithdrawn, to - from) }, (_, index) => `${group}/${String(to - index)}`);
}

/** Without what is empty: records of a target that was never rolled back stay small. */
function compact<Fields extends Partial<DeploymentRecord>>({ history, withdrawn, ...fields }: Fields): Omit<Fields, 'history' | 'withdrawn'> & Pick<DeploymentRecord, 'history' | 'withdrawn'> {
  return { ...fields, ...(history === undefined || history.length === 0 ? {} : { history }), ...(withdrawn === undefined || withdrawn.length === 0 ? {} : { withdrawn }) };
}
