import * as z from 'zod';
import { WriteConflict } from '../errors.ts';
import { ifThere, putJson, readJson } from '../objects.ts';
import { parse } from '../payload.ts';
import { formatS3Uri } from '../s3-uri.ts';
import type { ApprovalLayout } from './layout.ts';
import type { PackageState } from './package-state.ts';
import type { ApprovalRequest } from './request.ts';

const decisionSchema = z.object({
  decision: z.enum(['Approved', 'Rejected', 'PendingManualApproval']),
  by: z.string().nullable(),
  at: z.string(),
  reason: z.string().nullable(),
  recordedAt: z.string(),
});

/** A decision on a version: what, who, when and why. */
export type AuditedDecision = z.infer<typeof decisionSchema>;

const auditSchema = z.object({
  modelPackageArn: z.string(),
  /** On what evidence: the run, the artifact's digest, the metrics, the evaluation and the report with their digests. */
  evidence: z.looseObject({}),
  /** The first one first. */
  decisions: z.array(decisionSchema),
});

/** Everything that was decided on a version. */
export type Audit = z.infer<typeof auditSchema>;

/** Lost races in a row after which something else is wrong. */
const attempts = 5;

/**
 * Writes a decision down, once: a state that has been recorded is not recorded again.
 * @returns the decision as it stands in the audit; undefined where nobody has decided yet.
 */
export async function recordDecision(layout: ApprovalLayout, request: ApprovalRequest, state: PackageState, now: Date): Promise<AuditedDecision | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await read(layout);
    const audit = current?.audit ?? { modelPackageArn: state.modelPackageArn, evidence: evidenceOf(request), decisions: [] };
    const decisions = withDecision(audit.decisions, state, now);
    if (decisions === audit.decisions) return decisions.at(-1);
    try {
      await putJson(layout.audit, { ...audit, decisions }, current === undefined ? { ifAbsent: true } : { ifMatch: current.etag });
      return decisions.at(-1);
    } catch (error) {
      if (!(error instanceof WriteConflict) || attempt === attempts) throw error;
    }
  }
}

/** The decisions with this one at their end; the very same list where it is the last one already (however often it was told), or is none. */
export function withDecision(decisions: AuditedDecision[], { status, by, at, reason }: PackageState, now: Date): AuditedDecision[] {
  const last = decisions.at(-1);
  // Later changes of other members (metadata, a model card) are no decisions, and a version starts as pending.
  if ((last?.decision ?? 'PendingManualApproval') === status) return decisions;
  // Whoever decides without a word leaves the description of the decision before.
  const said = last !== undefined && last.reason === reason ? null : reason;
  return [...decisions, { decision: status, by, at, reason: said, recordedAt: now.toISOString() }];
}

function evidenceOf({ approval, run, model, evidence, requestedAt, expiresAt }: ApprovalRequest): Audit['evidence'] {
  return { approval, run, artifact: model.artifact, ...evidence, requestedAt, expiresAt };
}

async function read(layout: ApprovalLayout): Promise<{ audit: Audit; etag: string } | undefined> {
  const found = await ifThere(readJson(layout.audit));
  return found && { audit: parse(auditSchema, found.value, formatS3Uri(layout.audit)), etag: found.etag };
}
