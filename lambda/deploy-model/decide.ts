import { groupOf, versionOf } from '../shared/model-package.ts';
import type { RegisteredModel, Run } from '../shared/payload.ts';
import { type DeploymentRecord, served } from '../../model/serving/record.ts';

/** What to do about the record. */
export type Decision =
  | { readonly kind: 'write'; readonly record: DeploymentRecord }
  | { readonly kind: 'keep'; readonly why: string; readonly previous: string | null };

/**
 * Decides on the record that makes `model` the stable one. The record stays where it names the model already (the step runs again),
 * or a newer version of its group: a late retry never brings an older model back.
 */
export function decide(current: DeploymentRecord | undefined, model: RegisteredModel, run: Run, now: Date): Decision {
  const previous = current?.stable.modelPackageArn ?? null;
  if (previous === model.modelPackageArn) {
    return { kind: 'keep', why: `version ${model.modelVersion} is served already`, previous: current?.previous ?? null };
  }
  if (previous !== null && groupOf(previous) === groupOf(model.modelPackageArn) && Number(versionOf(previous)) > Number(versionOf(model.modelPackageArn))) {
    return { kind: 'keep', why: `version ${versionOf(previous)} is served, which is newer than ${model.modelVersion}`, previous };
  }
  return { kind: 'write', record: { stable: served(model), previous, updatedAt: now.toISOString(), run: run.name } };
}
