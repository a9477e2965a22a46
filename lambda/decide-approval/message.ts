import type { AuditedDecision } from '../shared/approvals/audit.ts';
import type { ApprovalRequest } from '../shared/approvals/request.ts';
import { executionLink, type Message, subject } from '../shared/message.ts';
import type { Outcome } from './payload.ts';

/** What a decision led to. */
export interface Told {
  readonly pipeline: string;
  readonly request: ApprovalRequest;
  readonly decision: AuditedDecision;
  readonly outcome: Outcome;
  /** The version that production serves; undefined where it serves none. */
  readonly servedVersion: string | undefined;
  /** Versions that are approved and were passed over, with the reason. */
  readonly unusable: ReadonlyMap<string, Error>;
}

/** Tells people what a decision led to that no run tells of; undefined where there is nothing to tell. */
export function decisionMessage({ pipeline, request, decision, outcome, servedVersion, unusable }: Told): Message | undefined {
  const { model, run } = request;
  const headline = headlineOf(outcome, model.modelVersion, servedVersion);
  if (headline === undefined) return undefined;
  const decided = decision.decision === 'Approved' ? 'approved' : decision.decision === 'Rejected' ? 'rejected' : 'set back to pending';
  const data = { status: statuses[outcome], pipeline, modelPackageArn: model.modelPackageArn, modelVersion: model.modelVersion, servedVersion, decision: decision.decision, by: decision.by, at: decision.at };
  return {
    subject: subject(`${pipeline}: ${headline[0]}`),
    text: [
      `Version ${model.modelVersion} of ${model.modelName} was ${decided} by ${decision.by ?? 'somebody whom SageMaker does not name'} at ${decision.at}.`,
      ...(decision.reason === null ? [] : [`The reason: ${decision.reason}`]),
      '',
      headline[1],
      ...[...unusable].flatMap(([arn, error]) => ['', `${arn} is approved too, but was passed over: ${error.message}`]),
      '',
      `Model package  ${model.modelPackageArn}`,
      `Report         ${request.evidence.report}`,
      `Run            ${executionLink(run.executionArn)}`,
      '',
      JSON.stringify(data),
    ].join('\n'),
    attributes: { status: statuses[outcome] ?? '', pipeline, executionArn: run.executionArn },
  };
}

const statuses: Readonly<Partial<Record<Outcome, string>>> = { released: 'DEPLOYED', restored: 'RESTORED', kept: 'REJECTED_BUT_SERVED' };

function headlineOf(outcome: Outcome, version: string, servedVersion: string | undefined): readonly [string, string] | undefined {
  switch (outcome) {
    case 'released':
      return [`version ${version} serves production`, `Production is brought to version ${version} by the plan of its rollout, which tries it out first. Should it fail, it is taken back, and you are told.`];
    case 'restored':
      return [`version ${version} is withdrawn, version ${servedVersion ?? ''} serves production again`, `Production serves version ${servedVersion ?? ''} again, the highest approved one.`];
    case 'kept':
      return [
        `version ${version} is withdrawn, BUT STILL SERVES PRODUCTION`,
        `Production still serves version ${version}, since no other version is approved and could take its place. Approve another version (slipway models lists them), or train one.`,
      ];
    default:
      return undefined;
  }
}
