import type { AuditedDecision } from '../shared/approvals/audit.ts';
import type { Answer } from '../shared/approvals/token.ts';
import { versionOf } from '../shared/model-package.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import type { Outcome } from './payload.ts';

/**
 * What came of a decision, from how things stand and not from what this call did: a call that repeats one that died comes to the same.
 * @param record production's, after it was reconciled.
 */
export function outcomeOf(modelPackageArn: string, { decision }: Pick<AuditedDecision, 'decision'>, answered: Answer, record: DeploymentRecord | undefined): Outcome {
  const isServed = record?.stable.modelPackageArn === modelPackageArn;
  if (decision === 'Approved') return isServed ? 'released' : 'unaffected';
  if (isServed) return 'kept';
  if (record?.previous === modelPackageArn && Number(versionOf(record.stable.modelPackageArn)) < Number(versionOf(modelPackageArn))) return 'restored';
  return answered === 'nobody waits' ? 'unaffected' : 'answered';
}
