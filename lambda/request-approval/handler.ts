import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { recordDecision } from '../shared/approvals/audit.ts';
import { ApprovalLayout } from '../shared/approvals/layout.ts';
import { describePackage } from '../shared/approvals/package-state.ts';
import { keepRequest } from '../shared/approvals/request.ts';
import { answer, keepToken } from '../shared/approvals/token.ts';
import { once } from '../shared/claim.ts';
import { publish } from '../shared/publish.ts';
import { readEnv } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { type RequestApprovalEnv, requestApprovalEnv } from './env.ts';
import { requestMessage } from './message.ts';
import { requestApprovalSchema, type RequestApprovalResult } from './payload.ts';

const env: RequestApprovalEnv = readEnv(requestApprovalEnv);

/** Asks people to decide on a version, and keeps by what the waiting run is answered. Where the decision is there already, it answers at once. */
export const handler = task('request-approval', requestApprovalSchema, async (question, { logger, metrics }): Promise<RequestApprovalResult> => {
  const { taskToken, enteredAt, attempt, redriveCount, timeoutSeconds, run, model, evidence } = question;
  const layout = new ApprovalLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, model.modelPackageArn);
  const expiresAt = new Date(Date.parse(enteredAt) + timeoutSeconds * 1000).toISOString();
  const request = await keepRequest(layout, { approval: 'manual', run, model, evidence, expiresAt }, new Date());
  // Kept before the registry is asked: a decision that falls in between finds the token, or is found here.
  await keepToken(layout, { taskToken, enteredAt, attempt });
  const state = await describePackage(model.modelPackageArn);
  const decision = await recordDecision(layout, request, state, new Date());
  if (decision !== undefined && decision.decision !== 'PendingManualApproval') {
    logger.info('The decision was there already', { modelPackageArn: model.modelPackageArn, decision: decision.decision });
    await answer(layout, model.modelVersion, decision);
    return { asked: false, decision: decision.decision };
  }
  const asked = await once(layout.told(`asked-${String(redriveCount)}`), () => publish(env.TOPIC_ARN, requestMessage(env.PIPELINE_NAME, question, expiresAt)));
  logger.info('People are asked', { modelPackageArn: model.modelPackageArn, expiresAt });
  if (asked) metrics.addMetric('ApprovalsRequested', MetricUnit.Count, 1);
  return { asked };
});
