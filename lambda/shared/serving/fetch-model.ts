import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type LoadedModel, openModel } from '../../../model/serving/loaded-model.ts';
import type { ServedModel } from '../../../model/serving/record.ts';
import { unpackModel } from '../archive.ts';
import { sha256OfFile } from '../digest.ts';
import { ArtifactMismatch } from '../errors.ts';
import { download } from '../objects.ts';
import { requireDigest } from '../verify.ts';
import { withWorkspace } from '../workspace.ts';

/** Downloads a model, checks the artifact's digest and each file's, and only then loads it. @throws ArtifactMismatch */
export async function fetchModel({ artifact }: ServedModel): Promise<LoadedModel> {
  return withWorkspace(async (folder) => {
    const archive = path.join(folder, 'model.tar.gz');
    const { sha256 } = await download(artifact, archive);
    requireDigest(artifact, sha256);
    return unpacked(archive, folder);
  });
}

/**
 * Opens a model artifact on this machine.
 * @param expected the SHA-256 that it must have; each file's is checked in any case
 * @throws ArtifactMismatch, ArtifactInvalid
 */
export async function openArchive(archive: string, expected: string | undefined): Promise<LoadedModel> {
  const found = expected === undefined ? undefined : await sha256OfFile(archive);
  if (found !== expected) throw new ArtifactMismatch(`${archive} has the SHA-256 ${String(found)}, expected ${String(expected)}.`);
  return withWorkspace((folder) => unpacked(archive, folder));
}

async function unpacked(archive: string, folder: string): Promise<LoadedModel> {
  const content = path.join(folder, 'model');
  await mkdir(content);
  await unpackModel(archive, content);
  return openModel(content);
}
