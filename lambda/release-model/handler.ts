import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { recordDecision } from '../shared/approvals/audit.ts';
import { ApprovalLayout } from '../shared/approvals/layout.ts';
import { describePackage } from '../shared/approvals/package-state.ts';
import { keepRequest } from '../shared/approvals/request.ts';
import { NotApproved, VersionWithdrawn } from '../shared/errors.ts';
import { goingUp, withdrawalOf } from '../../model/serving/deployment/change.ts';
import { rolloutPlanSchema } from '../../model/serving/deployment/plan.ts';
import { parse, type RegisteredModel } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { reconcile } from '../shared/release/reconcile.ts';
import { releaseWorld } from '../shared/release/world.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { type ReleaseModelEnv, releaseModelEnv } from './env.ts';
import { releaseSchema, type ReleaseResult } from './payload.ts';

const env: ReleaseModelEnv = readEnv(releaseModelEnv);
const plan = parse(rolloutPlanSchema, JSON.parse(env.ROLLOUT_PLAN), 'ROLLOUT_PLAN');
const record = { bucket: env.RECORD_BUCKET, key: env.RECORD_KEY };
const places = { artifactBucket: env.ARTIFACT_BUCKET, pipeline: env.PIPELINE_NAME, modelPackageGroup: env.MODEL_PACKAGE_GROUP, record };

/** Releases a version to production, unless a higher one is approved as well: that one is what production serves. */
export const handler = task('release-model', releaseSchema, async ({ approval, run, model, evidence, again }, { logger, metrics }): Promise<ReleaseResult> => {
  const layout = new ApprovalLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, model.modelPackageArn);
  const request = await keepRequest(layout, { approval, run, model, evidence, expiresAt: null }, new Date());
  const state = await describePackage(model.modelPackageArn);
  await recordDecision(layout, request, state, new Date());
  if (state.status !== 'Approved') throw notApproved(model, state.status);
  const world = releaseWorld(places, model.modelPackageArn, logger);
  const release = await reconcile(world, { id: run.name, plan, mayReturn: (arn) => again && arn === model.modelPackageArn }, () => new Date());
  const unusable = world.unusable.get(model.modelPackageArn);
  if (unusable !== undefined) throw unusable;
  const withdrawal = withdrawalOf(release.record, model.modelPackageArn);
  if (withdrawal !== undefined) throw new VersionWithdrawn(`Version ${model.modelVersion} was taken back at ${withdrawal.at}: ${withdrawal.reason}. Redrive the run, and it is deployed anew; or slipway deploy ${model.modelVersion}.`);
  if (release.record === undefined || !release.approved) throw notApproved(model, 'withdrawn while it was deployed');
  const up = release.record.stable.modelPackageArn === model.modelPackageArn ? release.record.stable : goingUp(release.record);
  const result = {
    record: formatS3Uri(record), servedVersion: up.modelVersion, previous: release.record.previous ?? null,
    model: { modelPackageArn: up.modelPackageArn, modelName: up.modelName, modelVersion: up.modelVersion },
  };
  if (up.modelPackageArn === model.modelPackageArn) {
    if (release.changed) metrics.addMetric('ModelsReleased', MetricUnit.Count, 1);
    return { status: 'DEPLOYED', ...result, rollout: release.record.rollout?.id ?? run.name };
  }
  if (Number(up.modelVersion) < Number(model.modelVersion)) throw notApproved(model, 'withdrawn while it was deployed');
  logger.info('A higher version is approved as well', { modelPackageArn: model.modelPackageArn, up: up.modelPackageArn });
  // Nobody else knows of a deployment that this call has begun.
  return { status: 'SUPERSEDED', ...result, rollout: release.changed ? (release.record.rollout?.id ?? null) : null };
});

function notApproved({ modelPackageArn, modelVersion }: RegisteredModel, found: string): NotApproved {
  return new NotApproved(
    `Version ${modelVersion} (${modelPackageArn}) is ${found} in the registry, expected Approved: production serves approved versions alone. Approve it, then redrive the run.`,
  );
}
