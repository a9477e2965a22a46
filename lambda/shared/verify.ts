import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from './clients/s3.ts';
import { ArtifactMismatch } from './errors.ts';
import type { Artifact } from './payload.ts';
import { formatS3Uri } from './s3-uri.ts';

/** @throws ArtifactMismatch where the digest found is not the artifact's. */
export function requireDigest(artifact: Artifact, found: string): void {
  if (found === artifact.sha256) return;
  throw new ArtifactMismatch(
    `${formatS3Uri(artifact)} has the SHA-256 ${found}, expected ${artifact.sha256}: it is not the artifact that was evaluated. Find out who wrote it, and run the pipeline again.`,
  );
}

/** Reads an artifact from S3 and compares its digest, without keeping it. @throws ArtifactMismatch */
export async function verifyArtifact(artifact: Artifact): Promise<void> {
  const answer = await s3.send(new GetObjectCommand({
    Bucket: artifact.bucket,
    Key: artifact.key,
    ...(artifact.versionId === undefined ? {} : { VersionId: artifact.versionId }),
  }));
  const hash = createHash('sha256');
  await pipeline(answer.Body as Readable, hash);
  requireDigest(artifact, hash.digest('hex'));
}
