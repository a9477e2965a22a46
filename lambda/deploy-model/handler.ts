import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { WriteConflict } from '../shared/errors.ts';
import { readEnv } from '../shared/read-env.ts';
import { readRecord, writeRecord } from '../shared/record-store.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { verifyArtifact } from '../shared/verify.ts';
import { decide } from './decide.ts';
import { type DeployModelEnv, deployModelEnv } from './env.ts';
import { type DeployResult, deploySchema } from './payload.ts';

const env: DeployModelEnv = readEnv(deployModelEnv);
const location = { bucket: env.RECORD_BUCKET, key: env.RECORD_KEY };

/** Lost races in a row after which something else is wrong. */
const attempts = 5;

/** Makes a model the stable one of the target's deployment record. */
export const handler = task('deploy-model', deploySchema, async ({ run, model }, { logger, metrics }): Promise<DeployResult> => {
  await verifyArtifact(model.artifact);
  const record = formatS3Uri(location);
  for (let attempt = 1; ; attempt += 1) {
    const current = await readRecord(location);
    const decision = decide(current?.record, model, run, new Date());
    if (decision.kind === 'keep') {
      logger.info('The record stays as it is', { record, why: decision.why });
      return { record, ...version(current?.versionId), previous: decision.previous };
    }
    try {
      const written = await writeRecord(location, decision.record, current);
      logger.info('The record was written', { record, stable: model.modelPackageArn, previous: decision.record.previous });
      metrics.addMetric('ModelsDeployed', MetricUnit.Count, 1);
      return { record, ...version(written.versionId), previous: decision.record.previous ?? null };
    } catch (error) {
      if (!(error instanceof WriteConflict) || attempt === attempts) throw error;
      logger.warn('Another writer was first: reading the record again', { attempt });
    }
  }
});

function version(versionId: string | undefined): { recordVersionId?: string } {
  return versionId === undefined ? {} : { recordVersionId: versionId };
}
