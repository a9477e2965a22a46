import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { CreateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { sagemaker } from '../shared/clients/sagemaker.ts';
import { versionOf } from '../shared/model-package.ts';
import { readEnv } from '../shared/read-env.ts';
import { task } from '../shared/task.ts';
import { verifyArtifact } from '../shared/verify.ts';
import { type RegisterModelEnv, registerModelEnv } from './env.ts';
import { modelPackage } from './package.ts';
import { registerSchema, type RegisterResult } from './payload.ts';

const env: RegisterModelEnv = readEnv(registerModelEnv);

/** Registers the evaluated artifact as a version of the model package group, after comparing its bytes with the digest that was evaluated. */
export const handler = task('register-model', registerSchema, async (registration, { logger, metrics }): Promise<RegisterResult> => {
  await verifyArtifact(registration.artifact);
  const request = modelPackage(env.PIPELINE_NAME, env.MODEL_PACKAGE_GROUP, registration);
  const { ModelPackageArn: modelPackageArn } = await sagemaker.send(new CreateModelPackageCommand(request));
  if (modelPackageArn === undefined) throw new Error('CreateModelPackage answered without an ARN.');
  const modelVersion = versionOf(modelPackageArn);
  logger.info('The model is registered', { modelPackageArn, modelVersion, sha256: registration.artifact.sha256 });
  metrics.addMetric('ModelsRegistered', MetricUnit.Count, 1);
  return { modelPackageArn, modelName: env.PIPELINE_NAME, modelVersion, sha256: registration.artifact.sha256 };
});
