import path from 'node:path';
import * as z from 'zod';
import type { DataFile } from '../../model/data/files.ts';
import { sha256 } from './digest.ts';
import { ArtifactMismatch } from './errors.ts';
import { download, readText } from './objects.ts';
import { inParallel } from './parallel.ts';
import { parse, sha256Schema } from './payload.ts';
import type { Dataset } from './payload.ts';
import { formatS3Uri, parseS3Uri } from './s3-uri.ts';
import type { ObjectLocation } from './s3-uri.ts';

const fileSchema = z.object({ key: z.string().min(1), versionId: z.string().min(1).optional(), bytes: z.number(), sha256: sha256Schema });

/** One object of a dataset, in exactly one version. */
export type DatasetFile = z.infer<typeof fileSchema>;

const manifestSchema = z.object({ bucket: z.string().min(1), key: z.string().min(1), files: z.array(fileSchema).min(1) });

/** `dataset.json`: the objects that a run learns from. */
export type DatasetManifest = z.infer<typeof manifestSchema>;

/** Downloads at a time. */
const transfers = 8;

/** Whether a dataset is a folder of objects and not one object. */
export function isFolder(key: string): boolean {
  return key.endsWith('/');
}

/** The manifest as it is written: the same objects give the same text. */
export function manifestText(manifest: DatasetManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The digest of what a run learns from: of the object where it is one, else of the manifest. */
export function datasetDigest(manifest: DatasetManifest): string {
  return isFolder(manifest.key) ? sha256(manifestText(manifest)) : manifest.files[0]!.sha256;
}

/** Reads a manifest. @throws DataNotFound, PayloadInvalid */
export async function readManifest(location: ObjectLocation): Promise<DatasetManifest> {
  return parse(manifestSchema, JSON.parse(await readText(location)), formatS3Uri(location));
}

/** The objects of a dataset that was validated. @throws ArtifactMismatch where its manifest is another one by now */
export async function validatedFiles(dataset: Dataset): Promise<readonly (Omit<DatasetFile, 'bytes' | 'sha256'> & { readonly sha256?: string | undefined })[]> {
  const { key, versionId, manifest } = dataset;
  if (!isFolder(key) || manifest === undefined) return [{ key, ...(versionId === undefined ? {} : { versionId }), sha256: dataset.sha256 }];
  const found = await readManifest(parseS3Uri(manifest));
  if (datasetDigest(found) !== dataset.sha256) {
    throw new ArtifactMismatch(`${manifest} has the SHA-256 ${datasetDigest(found)}, but ${String(dataset.sha256)} was validated: it was overwritten in between. Start a new run.`);
  }
  return found.files;
}

/** An object to fetch, with the digest that it has to have where that is known. */
export interface Fetchable {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly sha256?: string | undefined;
}

/** An object that lies on disk. */
export interface FetchedFile extends DataFile {
  readonly file: DatasetFile;
}

/**
 * Downloads objects of a dataset; a file is called after its key, as far as that is not the folder's.
 * @throws ArtifactMismatch where an object has another digest than it was known by; DataNotFound
 */
export async function fetchFiles(dataset: { readonly bucket: string; readonly key: string }, objects: readonly Fetchable[], folder: string): Promise<FetchedFile[]> {
  return inParallel(objects, transfers, async ({ key, versionId, sha256: expected }, index) => {
    const location = { bucket: dataset.bucket, key, ...(versionId === undefined ? {} : { versionId }) };
    // The names on disk are ours: a key may be any text. Its endings tell the format.
    const place = path.join(folder, `data-${String(index)}${/(\.[A-Za-z0-9]{1,12}){1,2}$/.exec(key)?.[0] ?? ''}`);
    const found = await download(location, place);
    if (expected !== undefined && expected !== found.sha256) {
      throw new ArtifactMismatch(`${formatS3Uri(location)} has the SHA-256 ${found.sha256}, but ${expected} was validated: the object was overwritten in between. Start a new run.`);
    }
    const pinned = versionId ?? found.versionId;
    const file = { key, ...(pinned === undefined ? {} : { versionId: pinned }), bytes: found.bytes, sha256: found.sha256 };
    return { path: place, name: isFolder(dataset.key) ? key.slice(dataset.key.length) : path.posix.basename(key), file };
  });
}
