import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { rolloutPlanSchema } from '../../model/serving/deployment/plan.ts';
import type { Situation } from '../../model/serving/deployment/situation.ts';
import { DataNotFound, WriteConflict } from '../shared/errors.ts';
import { parse } from '../shared/payload.ts';
import { readEnv } from '../shared/read-env.ts';
import { readRecord, writeRecord } from '../shared/record-store.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { verifyArtifact } from '../shared/verify.ts';
import { decide, situationAfter } from './decide.ts';
import { type RollOutEnv, rollOutEnv } from './env.ts';
import { type RollOutRequest, rollOutSchema } from './payload.ts';

const env: RollOutEnv = readEnv(rollOutEnv);
const location = { bucket: env.RECORD_BUCKET, key: env.RECORD_KEY };
const plan = parse(rolloutPlanSchema, JSON.parse(env.ROLLOUT_PLAN), 'ROLLOUT_PLAN');

/** Lost races in a row after which something else is wrong. */
const attempts = 5;

/** Writes what a rollout machine asks for into the target's deployment record, and tells how things stand. */
export const handler = task('roll-out', rollOutSchema, async (request, { logger, metrics }): Promise<Situation> => {
  logger.appendKeys({ rollout: request.id, action: request.action });
  for (const { artifact } of modelsOf(request)) await verifyArtifact(artifact);
  const record = formatS3Uri(location);
  for (let attempt = 1; ; attempt += 1) {
    const current = await readRecord(location);
    const change = decide(current?.record, request, plan, new Date());
    if (change.kind === 'keep') {
      if (current === undefined) throw new DataNotFound(`${record} does not exist: nothing was deployed to this target yet (slipway deploy VERSION deploys).`);
      logger.info('The record stays as it is', { record, why: change.why });
      return situationAfter(current.record, request);
    }
    try {
      await writeRecord(location, change.record, current);
      const { stable, canary } = change.record;
      logger.info('The record was written', { record, stable: stable.modelPackageArn, canary: canary?.model.modelPackageArn, weight: canary?.weight });
      if (current?.record.stable.modelPackageArn !== stable.modelPackageArn) metrics.addMetric('ModelsDeployed', MetricUnit.Count, 1);
      return situationAfter(change.record, request);
    } catch (error) {
      if (!(error instanceof WriteConflict) || attempt === attempts) throw error;
      logger.warn('Another writer was first: reading the record again', { attempt });
    }
  }
});

/** The models that the request would make live. */
function modelsOf(request: RollOutRequest): { readonly artifact: Parameters<typeof verifyArtifact>[0] }[] {
  if (request.action === 'deploy') return [request.model];
  return request.action === 'traffic' ? request.shares.map(({ model }) => model) : [];
}
