import type { AuditedDecision } from '../shared/approvals/audit.ts';
import type { Answer } from '../shared/approvals/token.ts';
import { versionOf } from '../../model/spec/model-package.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import type { Outcome } from './payload.ts';

/**
 * What came of a decision, from how things stand and not from what this call did: a call that repeats one that died comes to the same.
 * @param record production's, after it was reconciled. A version that is on its way up counts as served.
 */
export function outcomeOf(modelPackageArn: string, { decision }: Pick<AuditedDecision, 'decision'>, answered: Answer, record: DeploymentRecord | undefined): Outcome {
  const isServed = [record?.stable, record?.canary?.model].some((model) => model?.modelPackageArn === modelPackageArn);
  if (decision === 'Approved') return isServed ? 'released' : 'unaffected';
  if (isServed) return 'kept';
  if (record?.ended?.modelPackageArn === modelPackageArn && record.ended.outcome === 'rolledBack') return 'restored';
  if (record?.previous === modelPackageArn && Number(versionOf(record.stable.modelPackageArn)) < Number(versionOf(modelPackageArn))) return 'restored';
  return answered === 'nobody waits' ? 'unaffected' : 'answered';
}
