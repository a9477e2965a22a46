import { createWriteStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DescribeModelPackageCommand, paginateListModelPackages, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { startLaptop } from '../../local/index.ts';
import { findApplication } from './application.ts';
import { type Connection, runningLaptop } from './connection.ts';
import { CommandError } from './errors.ts';
import { registryClient } from './model-versions.ts';
import { hostModules, imagePrograms } from './programs.ts';
import { s3Client } from './s3.ts';
import { parseS3Uri } from './s3-uri.ts';

/** A registered model on this machine: its artifact, and its version. */
export interface RegisteredModel {
  readonly archive: string;
  readonly sha256: string;
  readonly version: string;
}

/**
 * Downloads the artifact of the model that was registered last in a laptop's state: from the laptop, where it is up, else by bringing its app up for as long as that takes.
 * @param folder takes the artifact
 * @returns undefined where there is no state yet, or no model in it
 */
export async function lastRegisteredModel(stateDirectory: string, folder: string): Promise<RegisteredModel | undefined> {
  const running = await runningLaptop(stateDirectory);
  if (running !== undefined) return download(running, folder);
  const assembly = path.resolve(stateDirectory, 'cdk.out');
  if (!existsSync(path.join(assembly, 'manifest.json'))) return undefined;
  const laptop = await startLaptop({ assembly, stateDirectory, programs: imagePrograms, hostModules: hostModules() });
  try {
    return await download(laptop, folder);
  } finally {
    await laptop.close();
  }
}

async function download(connection: Connection, folder: string): Promise<RegisteredModel | undefined> {
  const { modelPackageGroup } = await findApplication(connection);
  const registry = registryClient(connection);
  const s3 = s3Client(connection);
  try {
    const arn = await newestPackage(registry, modelPackageGroup);
    if (arn === undefined) return undefined;
    const model = await registry.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
    const uri = model.SourceUri ?? model.InferenceSpecification?.Containers?.[0]?.ModelDataUrl;
    const sha256 = model.CustomerMetadataProperties?.['artifactSha256'];
    if (uri === undefined || sha256 === undefined) throw new CommandError(`${arn} names no artifact with its SHA-256, so that it cannot be served: it was not registered by a pipeline.`);
    const { bucket, key } = parseS3Uri(uri);
    const versionId = model.CustomerMetadataProperties?.['artifactVersionId'];
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }));
    await mkdir(folder, { recursive: true });
    const archive = path.join(folder, 'model.tar.gz');
    await pipeline(body as Readable, createWriteStream(archive));
    return { archive, sha256, version: String(model.ModelPackageVersion) };
  } finally {
    registry.destroy();
    s3.destroy();
  }
}

async function newestPackage(registry: SageMakerClient, group: string): Promise<string | undefined> {
  for await (const page of paginateListModelPackages({ client: registry }, { ModelPackageGroupName: group, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 1 })) {
    return page.ModelPackageSummaryList?.[0]?.ModelPackageArn;
  }
  return undefined;
}
