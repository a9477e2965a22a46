import { datasetDigest, fetchFiles, manifestText, readManifest } from '../shared/dataset-files.ts';
import type { DatasetManifest, FetchedFile } from '../shared/dataset-files.ts';
import { ifThere, putText } from '../shared/objects.ts';
import type { ObjectLocation } from '../shared/s3-uri.ts';
import { pinObjects, requireRoom } from './pin.ts';

/** A dataset that lies on disk. */
export interface FetchedDataset {
  readonly files: readonly FetchedFile[];
  readonly manifest: DatasetManifest;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Fetches a run's dataset, and writes down which objects in which versions it is. Another try of the run reads that first: it learns from the same bytes,
 * whatever has been written in between.
 * @throws DataTooLarge, DataNotFound, ArtifactMismatch
 */
export async function fetchDataset(dataset: ObjectLocation, maximumBytes: number, manifestAt: ObjectLocation, folder: string): Promise<FetchedDataset> {
  const known = await ifThere(readManifest(manifestAt));
  if (known !== undefined) requireRoom(dataset, known.files.length, bytesOf(known), maximumBytes);
  const files = await fetchFiles(dataset, known?.files ?? (await pinObjects(dataset, maximumBytes)), folder);
  const manifest = known ?? { bucket: dataset.bucket, key: dataset.key, files: files.map(({ file }) => file) };
  if (known === undefined) await putText(manifestAt, manifestText(manifest), 'application/json', { ifAbsent: true });
  return { files, manifest, sha256: datasetDigest(manifest), bytes: bytesOf(manifest) };
}

function bytesOf({ files }: DatasetManifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
