import { ArtifactMismatch } from './errors.ts';
import { digestOf } from './objects.ts';
import type { Artifact } from './payload.ts';
import { formatS3Uri } from './s3-uri.ts';

/** @throws ArtifactMismatch where the digest found is not the artifact's. */
export function requireDigest(artifact: Artifact, found: string): void {
  if (found === artifact.sha256) return;
  throw new ArtifactMismatch(
    `${formatS3Uri(artifact)} has the SHA-256 ${found}, expected ${artifact.sha256}: it is not the artifact that was evaluated. Find out who wrote it, and run the pipeline again.`,
  );
}

/** Reads an artifact from S3 and compares its digest, without keeping it. @throws ArtifactMismatch, DataNotFound */
export async function verifyArtifact(artifact: Artifact): Promise<void> {
  requireDigest(artifact, await digestOf(artifact));
}
