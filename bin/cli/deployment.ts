import { DescribeModelPackageCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { type DeploymentRecord, recordSchema, type ServedModel } from '../../model/serving/record.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { findVersion, metricsOf, type ModelVersion } from './model-versions.ts';
import { readText, s3Client, statusOf } from './s3.ts';
import { parseS3Uri } from './s3-uri.ts';
import type { Target } from './targets.ts';

/** What a target serves; undefined where nothing was deployed yet. */
export async function readDeployment(connection: Connection, { bucket, key }: Target): Promise<DeploymentRecord | undefined> {
  const client = s3Client(connection);
  try {
    return recordSchema.parse(JSON.parse(await readText(client, bucket, key)));
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** A version of the registry, as a record names it, with how it stands there. */
export interface DeployableVersion {
  readonly version: ModelVersion;
  readonly model: ServedModel;
}

/** A version that a target can serve. @param modelName what the pipeline calls its models @throws CommandError where the registry does not say what its artifact is */
export async function deployableVersion(client: SageMakerClient, group: string, modelName: string, which: number | string): Promise<DeployableVersion> {
  const version = await findVersion(client, group, which);
  const { SourceUri, InferenceSpecification } = await client.send(new DescribeModelPackageCommand({ ModelPackageName: version.arn }));
  const container = InferenceSpecification?.Containers?.[0];
  const uri = SourceUri ?? container?.ModelDataSource?.S3DataSource?.S3Uri ?? container?.ModelDataUrl;
  const { artifactSha256: sha256, artifactVersionId: versionId } = version.properties;
  if (uri === undefined || sha256 === undefined) throw new CommandError(`Version ${String(version.version)} (${version.arn}) does not say ${uri === undefined ? 'where its artifact lies' : "its artifact's SHA-256 (artifactSha256)"}: it was not registered by a pipeline of Slipway.`);
  const artifact = { ...parseS3Uri(uri), sha256, ...(versionId === undefined ? {} : { versionId }) };
  return { version, model: { modelPackageArn: version.arn, modelName, modelVersion: String(version.version), artifact, metrics: { ...metricsOf(version) } } };
}
