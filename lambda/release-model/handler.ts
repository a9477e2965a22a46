import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { recordDecision } from '../shared/approvals/audit.ts';
import { ApprovalLayout } from '../shared/approvals/layout.ts';
import { describePackage } from '../shared/approvals/package-state.ts';
import { keepRequest } from '../shared/approvals/request.ts';
import { NotApproved } from '../shared/errors.ts';
import { versionOf } from '../shared/model-package.ts';
import type { RegisteredModel } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { reconcile } from '../shared/release/reconcile.ts';
import { releaseWorld } from '../shared/release/world.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { type ReleaseModelEnv, releaseModelEnv } from './env.ts';
import { releaseSchema, type ReleaseResult } from './payload.ts';

const env: ReleaseModelEnv = readEnv(releaseModelEnv);
const record = { bucket: env.RECORD_BUCKET, key: env.RECORD_KEY };
const places = { artifactBucket: env.ARTIFACT_BUCKET, pipeline: env.PIPELINE_NAME, modelPackageGroup: env.MODEL_PACKAGE_GROUP, record };

/** Releases a version to production, unless a higher one is approved as well: that one is what production serves. */
export const handler = task('release-model', releaseSchema, async ({ approval, run, model, evidence }, { logger, metrics }): Promise<ReleaseResult> => {
  const layout = new ApprovalLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, model.modelPackageArn);
  const request = await keepRequest(layout, { approval, run, model, evidence, expiresAt: null }, new Date());
  const state = await describePackage(model.modelPackageArn);
  await recordDecision(layout, request, state, new Date());
  if (state.status !== 'Approved') throw notApproved(model, state.status);
  const world = releaseWorld(places, model.modelPackageArn, logger);
  const release = await reconcile(world, () => new Date());
  const unusable = world.unusable.get(model.modelPackageArn);
  if (unusable !== undefined) throw unusable;
  const stable = release.record?.stable.modelPackageArn;
  if (stable === undefined || !release.approved) throw notApproved(model, 'withdrawn while it was deployed');
  const result = { record: formatS3Uri(record), servedVersion: versionOf(stable), previous: release.record?.previous ?? null };
  if (stable === model.modelPackageArn) {
    if (release.changed) metrics.addMetric('ModelsReleased', MetricUnit.Count, 1);
    return { status: 'DEPLOYED', ...result };
  }
  if (Number(result.servedVersion) < Number(model.modelVersion)) throw notApproved(model, 'withdrawn while it was deployed');
  logger.info('A higher version is approved as well', { modelPackageArn: model.modelPackageArn, stable });
  return { status: 'SUPERSEDED', ...result };
});

function notApproved({ modelPackageArn, modelVersion }: RegisteredModel, found: string): NotApproved {
  return new NotApproved(
    `Version ${modelVersion} (${modelPackageArn}) is ${found} in the registry, expected Approved: production serves approved versions alone. Approve it, then redrive the run.`,
  );
}
