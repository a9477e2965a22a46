import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type LoadedModel, openModel } from '../../../model/serving/loaded-model.ts';
import type { ServedModel } from '../../../model/serving/record.ts';
import { unpackModel } from '../archive.ts';
import { download } from '../objects.ts';
import { requireDigest } from '../verify.ts';
import { withWorkspace } from '../workspace.ts';

/** Downloads a model, checks the artifact's digest and each file's, and only then loads it. @throws ArtifactMismatch */
export async function fetchModel({ artifact }: ServedModel): Promise<LoadedModel> {
  return withWorkspace(async (folder) => {
    const archive = path.join(folder, 'model.tar.gz');
    const { sha256 } = await download(artifact, archive);
    requireDigest(artifact, sha256);
    const content = path.join(folder, 'model');
    await mkdir(content);
    await unpackModel(archive, content);
    return openModel(content);
  });
}
