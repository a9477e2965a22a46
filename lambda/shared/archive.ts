import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { create, extract } from 'tar';
import * as z from 'zod';
import { modelFiles } from '../../model/serving/model-files.ts';
import { sha256, sha256OfFile } from './digest.ts';
import { ArtifactInvalid, ArtifactMismatch } from './errors.ts';
import { sha256Schema } from './payload.ts';

/** What a training job left, as it left it: a model artifact holds one of them. */
export const sourceFiles = { booster: 'xgboost-model', onnx: 'source.onnx' } as const;

const manifestFile = 'manifest.json';
const manifestSchema = z.object({ files: z.record(z.string(), sha256Schema) });

/**
 * Packs files of a folder with a manifest of their digests. The same content gives the same bytes: fixed times, modes and owners, in the order of the names.
 * @param archive where the `.tar.gz` goes.
 */
export async function packModel(folder: string, names: readonly string[], archive: string): Promise<void> {
  const sorted = [...names].sort();
  const files: Record<string, string> = {};
  for (const name of sorted) files[name] = await sha256OfFile(path.join(folder, name));
  await writeFile(path.join(folder, manifestFile), `${JSON.stringify({ files }, null, 2)}\n`);
  const all = [manifestFile, ...sorted];
  for (const name of all) await chmod(path.join(folder, name), 0o644);
  await create({ file: archive, cwd: folder, gzip: { level: 6 }, portable: true, mtime: new Date(0), strict: true }, all);
}

/** Unpacks a `.tar.gz`: regular files alone, nothing outside the folder. */
export async function unpack(archive: string, folder: string): Promise<void> {
  try {
    await extract({ file: archive, cwd: folder, strict: true, preserveOwner: false, filter: (_path, entry) => !('type' in entry) || entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory' });
  } catch (error) {
    throw new ArtifactInvalid(`${path.basename(archive)} is no readable tar.gz: ${(error as Error).message}.`, { cause: error });
  }
}

/**
 * Unpacks a model artifact and checks each file against the manifest, before anything reads them.
 * @throws ArtifactInvalid where the manifest or a file of it is missing; ArtifactMismatch where a file differs, or is not in the manifest.
 */
export async function unpackModel(archive: string, folder: string): Promise<void> {
  await unpack(archive, folder);
  const found = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  if (!found.includes(manifestFile)) throw new ArtifactInvalid(`The model artifact has no ${manifestFile}, found ${found.join(', ') || 'nothing'}.`);
  const { files } = readManifest(await readFile(path.join(folder, manifestFile), 'utf8'));
  for (const name of Object.values(modelFiles)) {
    if (!Object.hasOwn(files, name)) throw new ArtifactInvalid(`The model artifact's ${manifestFile} lists no ${name}.`);
  }
  const sources = Object.values(sourceFiles);
  if (!sources.some((name) => Object.hasOwn(files, name))) throw new ArtifactInvalid(`The model artifact's ${manifestFile} lists none of ${sources.join(', ')}.`);
  for (const name of found.filter((candidate) => candidate !== manifestFile)) {
    const expected = Object.hasOwn(files, name) ? files[name] : undefined;
    if (expected === undefined) throw new ArtifactMismatch(`The model artifact holds ${name}, which its ${manifestFile} does not list.`);
    const digest = sha256(await readFile(path.join(folder, name)));
    if (digest !== expected) throw new ArtifactMismatch(`${name} in the model artifact has the SHA-256 ${digest}, its ${manifestFile} says ${expected}.`);
  }
  const missing = Object.keys(files).filter((name) => !found.includes(name));
  if (missing.length > 0) throw new ArtifactInvalid(`The model artifact lacks ${missing.join(', ')}, which its ${manifestFile} lists.`);
}

function readManifest(text: string): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new ArtifactInvalid(`${manifestFile} of the model artifact is not {"files": {name: SHA-256}}.`, { cause: error });
  }
}
