import { createHash } from 'node:crypto';
import { HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { prefixes } from '../../model/spec/layout.ts';
import type { DataObject, Lineage } from '../../model/spec/lineage.ts';
import { CommandError } from './errors.ts';
import type { ModelVersion } from './model-versions.ts';
import { readText, statusOf } from './s3.ts';
import { parseS3Uri } from './s3-uri.ts';

/** A serving target that names the version in its deployment record. */
export interface ServedBy {
  readonly target: string;
  /** `stable` or `canary`. */
  readonly as: string;
  /** ISO 8601. */
  readonly since?: string;
}

/** An object that the model was trained from, and whether that very version of it still exists. */
export interface TracedObject extends DataObject {
  readonly exists: boolean;
}

/** A version from what serves it back to its data. */
export interface TracedVersion {
  readonly model: ModelVersion;
  readonly lineage: Lineage;
  readonly servedBy: readonly ServedBy[];
  readonly data: readonly TracedObject[];
}

/** Objects that are looked up at a time. */
const lookUps = 16;

/** Traces a version: its lineage, whose digest the registry holds, the targets that serve it, and whether its data are there. */
export async function traceVersion(s3: S3Client, artifactBucket: string, model: ModelVersion): Promise<TracedVersion> {
  const [lineage, servedBy] = await Promise.all([readLineage(s3, model), targetsOf(s3, artifactBucket, model.arn)]);
  const data: TracedObject[] = [];
  for (let start = 0; start < lineage.data.objects.length; start += lookUps) {
    data.push(...(await Promise.all(lineage.data.objects.slice(start, start + lookUps).map(async (object) => ({ ...object, exists: await exists(s3, object) })))));
  }
  return { model, lineage, servedBy, data };
}

async function readLineage(s3: S3Client, { version, properties }: ModelVersion): Promise<Lineage> {
  const { lineage: uri, lineageSha256: expected } = properties;
  if (uri === undefined || expected === undefined) {
    throw new CommandError(`Version ${String(version)} was registered without a lineage. What the registry knows of it: slipway models show ${String(version)}.`);
  }
  const { bucket, key } = parseS3Uri(uri);
  const text = await readText(s3, bucket, key).catch((error: unknown) => {
    if (statusOf(error) === 404) throw new CommandError(`The lineage of version ${String(version)}, ${uri}, is gone. What the registry knows of it: slipway models show ${String(version)}.`);
    throw error;
  });
  const found = createHash('sha256').update(text).digest('hex');
  if (found !== expected) throw new CommandError(`${uri} has the SHA-256 ${found}, but ${expected} was registered: it was changed since, and is not believed.`);
  return JSON.parse(text) as Lineage;
}

/** The targets whose deployment records name the version. */
async function targetsOf(s3: S3Client, bucket: string, arn: string): Promise<ServedBy[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefixes.deployments })) {
    for (const { Key: key = '' } of page.Contents ?? []) if (key.endsWith('.json')) keys.push(key);
  }
  const records = await Promise.all(keys.map(async (key) => ({ key, record: JSON.parse(await readText(s3, bucket, key)) as DeploymentRecord })));
  return records.flatMap(({ key, record }) =>
    (['stable', 'canary'] as const)
      .filter((as) => record[as]?.modelPackageArn === arn)
      .map((as) => ({ target: key.slice(prefixes.deployments.length, -'.json'.length), as, ...(record.updatedAt === undefined ? {} : { since: record.updatedAt }) })),
  );
}

interface DeploymentRecord {
  readonly stable?: { readonly modelPackageArn: string };
  readonly canary?: { readonly modelPackageArn: string };
  readonly updatedAt?: string;
}

async function exists(s3: S3Client, { uri, versionId }: DataObject): Promise<boolean> {
  const { bucket, key } = parseS3Uri(uri);
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }));
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
