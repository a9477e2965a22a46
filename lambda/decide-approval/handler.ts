import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type AuditedDecision, recordDecision } from '../shared/approvals/audit.ts';
import { ApprovalLayout } from '../shared/approvals/layout.ts';
import { describePackage } from '../shared/approvals/package-state.ts';
import { readRequest } from '../shared/approvals/request.ts';
import { answer } from '../shared/approvals/token.ts';
import { once } from '../shared/claim.ts';
import { rolloutPlanSchema } from '../../model/serving/deployment/plan.ts';
import { versionOf } from '../../model/spec/model-package.ts';
import { parse } from '../shared/payload.ts';
import { publish } from '../shared/publish.ts';
import { readEnv } from '../shared/read-env.ts';
import { reconcile } from '../shared/release/reconcile.ts';
import { releaseWorld } from '../shared/release/world.ts';
import { task } from '../shared/task.ts';
import { type DecideApprovalEnv, decideApprovalEnv } from './env.ts';
import { isRunning } from './running.ts';
import { decisionMessage } from './message.ts';
import { outcomeOf } from './outcome.ts';
import { type DecideResult, packageEventSchema } from './payload.ts';
import { startRollout } from './start-rollout.ts';

const env: DecideApprovalEnv = readEnv(decideApprovalEnv);
const plan = parse(rolloutPlanSchema, JSON.parse(env.ROLLOUT_PLAN), 'ROLLOUT_PLAN');
const record = { bucket: env.RECORD_BUCKET, key: env.RECORD_KEY };
const places = { artifactBucket: env.ARTIFACT_BUCKET, pipeline: env.PIPELINE_NAME, modelPackageGroup: env.MODEL_PACKAGE_GROUP, record };

/**
 * Carries out what a person decided in the registry, by whichever way: writes it down, answers the run that waits, and, where no run
 * does, makes production serve the highest approved version.
 */
export const handler = task('decide-approval', packageEventSchema, async ({ detail }, { logger, metrics }): Promise<DecideResult> => {
  const modelPackageArn = detail.ModelPackageArn;
  logger.appendKeys({ modelPackageArn });
  const layout = new ApprovalLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, modelPackageArn);
  const request = await readRequest(layout);
  // A version of which nobody was asked yet has not passed staging: its run finds the decision once it gets there.
  if (request === undefined) return { outcome: 'undecided' };
  const decision = await recordDecision(layout, request, await describePackage(modelPackageArn), new Date());
  if (decision === undefined) return { outcome: 'undecided' };
  const answered = await answer(layout, request.model.modelVersion, decision);
  logger.info('The decision is written down', { decision: decision.decision, by: decision.by, answered });
  // The run deploys, tests production and tells.
  if (decision.decision === 'Approved' && answered === 'given') return { outcome: 'answered', decision: decision.decision };

  const world = releaseWorld(places, modelPackageArn, logger);
  const release = await reconcile(world, { id: `decision-${versionOf(modelPackageArn)}-${digitsOf(decision.at)}`, plan, mayReturn: isApprovedSince(modelPackageArn, decision) }, () => new Date());
  const outcome = outcomeOf(modelPackageArn, decision, answered, release.record);
  const servedVersion = release.record === undefined ? undefined : versionOf(release.record.stable.modelPackageArn);
  // A run that has the decision, or comes to it yet, rolls out and tells itself.
  const runGoesOn = outcome === 'released' && (await isRunning(request.run.executionArn));
  // Whether this call changed the record or one before it that died: the machine is started once.
  if (release.record !== undefined && (outcome === 'restored' || (outcome === 'released' && !runGoesOn))) await startRollout(env.ROLLOUT_STATE_MACHINE_ARN, release.record, modelPackageArn);
  const message = decisionMessage({ pipeline: env.PIPELINE_NAME, request, decision, outcome, servedVersion, unusable: world.unusable });
  const runTells = outcome === 'released' && (answered === 'given before' || runGoesOn);
  if (message !== undefined && !runTells) await once(layout.told(`${outcome}-${digitsOf(decision.at)}`), () => publish(env.TOPIC_ARN, message));
  if (release.changed) metrics.addMetric(outcome === 'restored' ? 'ModelsRestored' : 'ModelsReleased', MetricUnit.Count, 1);
  return { outcome, decision: decision.decision, ...(servedVersion === undefined ? {} : { servedVersion }) };
});

/** A version that a rollback withdrew comes back where a person has approved it after that. */
function isApprovedSince(modelPackageArn: string, { decision, at }: AuditedDecision): (arn: string, withdrawnAt: string) => boolean {
  return (arn, withdrawnAt) => arn === modelPackageArn && decision === 'Approved' && Date.parse(at) > Date.parse(withdrawnAt);
}

function digitsOf(time: string): string {
  return time.replaceAll(/[^0-9]/g, '');
}
