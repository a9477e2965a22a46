import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { CreateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { Lineage, SourceFile } from '../../model/spec/lineage.ts';
import { sagemaker } from '../shared/clients/sagemaker.ts';
import { validatedFiles } from '../shared/dataset-files.ts';
import { sha256 } from '../shared/digest.ts';
import { WriteConflict } from '../shared/errors.ts';
import { RunLayout } from '../shared/layout.ts';
import { versionOf } from '../../model/spec/model-package.ts';
import { digestOf, putText } from '../shared/objects.ts';
import { readEnv } from '../shared/read-env.ts';
import { formatS3Uri, parseS3Uri } from '../shared/s3-uri.ts';
import { task } from '../shared/task.ts';
import { verifyArtifact } from '../shared/verify.ts';
import { type RegisterModelEnv, registerModelEnv } from './env.ts';
import { lineageOf, lineageText } from './lineage.ts';
import { modelPackage } from './package.ts';
import { registerSchema, type RegisterResult, type Registration } from './payload.ts';

const env: RegisterModelEnv = readEnv(registerModelEnv);

/**
 * Registers the evaluated artifact as a version of the model package group, after comparing its bytes with the digest that was evaluated.
 * The lineage is written first: a version whose lineage is missing never exists, and a lineage without a version is overwritten by the retry.
 */
export const handler = task('register-model', registerSchema, async (registration, { logger, metrics }): Promise<RegisterResult> => {
  await verifyArtifact(registration.artifact);
  const lineage = lineageOf(env.PIPELINE_NAME, registration, await reportDigests(registration), await validatedFiles(registration.dataset));
  const lineageFile = await write(lineage, registration.run.name);
  const request = modelPackage(env.MODEL_PACKAGE_GROUP, registration, lineage, lineageFile);
  const { ModelPackageArn: modelPackageArn } = await sagemaker.send(new CreateModelPackageCommand(request));
  if (modelPackageArn === undefined) throw new Error('CreateModelPackage answered without an ARN.');
  const modelVersion = versionOf(modelPackageArn);
  logger.info('The model is registered', { modelPackageArn, modelVersion, sha256: registration.artifact.sha256, lineage: lineageFile.uri });
  metrics.addMetric('ModelsRegistered', MetricUnit.Count, 1);
  return { modelPackageArn, modelName: env.PIPELINE_NAME, modelVersion, sha256: registration.artifact.sha256 };
});

async function reportDigests({ evaluation, statistics, constraints }: Registration): Promise<{ evaluation: string; statistics: string; constraints: string }> {
  const [ofEvaluation, ofStatistics, ofConstraints] = await Promise.all([evaluation.evaluation, statistics, constraints].map((uri) => digestOf(parseS3Uri(uri))));
  return { evaluation: ofEvaluation!, statistics: ofStatistics!, constraints: ofConstraints! };
}

/** Writes the lineage, once: the same bytes again make no new version of the object. */
async function write(lineage: Lineage, run: string): Promise<SourceFile> {
  const text = lineageText(lineage);
  const location = new RunLayout(env.ARTIFACT_BUCKET, env.PIPELINE_NAME, run).report('lineage.json');
  const file = { uri: formatS3Uri(location), sha256: sha256(text) };
  try {
    await putText(location, text, 'application/json', { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    if ((await digestOf(location)) !== file.sha256) await putText(location, text, 'application/json');
  }
  return file;
}
