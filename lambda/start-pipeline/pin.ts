import { isFolder } from '../shared/dataset-files.ts';
import { sha256 } from '../shared/digest.ts';
import { DataNotFound } from '../shared/errors.ts';
import { isDataFile, listObjects } from '../shared/listing.ts';
import { head, ifThere } from '../shared/objects.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import type { ObjectLocation } from '../shared/s3-uri.ts';
import { markerOf } from './dataset-of.ts';
import type { PinnedDataset } from './execution.ts';

/** An object as an event tells of it. */
export interface AnnouncedObject extends ObjectLocation {
  readonly etag?: string;
}

/**
 * Why the event of an object is out of date; `undefined` where it is not. Events may arrive in any order, and an object has a newer one for each newer version (its
 * `sequencer` is larger). Which of its versions is the newest S3 itself knows, so that nothing need be kept to compare sequencers with: an event whose
 * object has been written anew, or deleted, is the older one.
 */
export async function outdatedBecause(announced: AnnouncedObject): Promise<string | undefined> {
  const now = await ifThere(head({ bucket: announced.bucket, key: announced.key }));
  if (now === undefined) return `'${announced.key}' has been deleted since.`;
  const { versionId, etag } = announced;
  const isSame = versionId === undefined ? etag === undefined || unquoted(etag) === unquoted(now.etag) : versionId === now.versionId;
  return isSame ? undefined : `'${announced.key}' has been written anew since, which starts a run of its own.`;
}

/** The dataset with what tells its content apart, so that the run reads what its name is derived from. @throws DataNotFound */
export async function pinned(dataset: ObjectLocation): Promise<PinnedDataset> {
  if (dataset.versionId !== undefined && !isFolder(dataset.key)) return dataset;
  const { bucket, key } = dataset;
  if (!isFolder(key)) {
    const { versionId, etag } = await head(dataset);
    return { bucket, key, etag, ...(versionId === undefined ? {} : { versionId }) };
  }
  const marker = await ifThere(head({ bucket, key: markerOf(key) }));
  return marker?.versionId === undefined ? { bucket, key, etag: await listingDigest(dataset) } : { bucket, key, versionId: marker.versionId };
}

/** A folder's content in a word. @throws DataNotFound where it holds no data */
async function listingDigest(folder: ObjectLocation): Promise<string> {
  const found: string[] = [];
  for await (const { key, etag } of listObjects(folder.bucket, folder.key)) {
    if (isDataFile(key, folder.key)) found.push(`${key} ${etag}`);
  }
  if (found.length === 0) throw new DataNotFound(`${formatS3Uri(folder)} holds no data file (names that begin with _ or . are none), expected at least one.`);
  return sha256(found.join('\n'));
}

/** S3 writes ETags in quotes, its events do without. */
function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
