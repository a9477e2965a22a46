import { DataNotFound, DataTooLarge } from '../shared/errors.ts';
import { isFolder } from '../shared/dataset-files.ts';
import { isDataFile, listObjects } from '../shared/listing.ts';
import { head } from '../shared/objects.ts';
import { inParallel } from '../shared/parallel.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';
import type { ObjectLocation } from '../shared/s3-uri.ts';

/** An object in the version that it has now. */
export interface PinnedObject {
  readonly key: string;
  readonly versionId?: string;
  readonly bytes: number;
}

/** More objects than this take longer to fetch one by one than a Lambda function has. */
const mostObjects = 10_000;
/** Requests at a time. */
const requests = 32;

/**
 * The objects of a dataset in the order of their keys, each in the version that it has now, before a byte of them is read.
 * @throws DataTooLarge where they come to more than the bound; DataNotFound where there are none
 */
export async function pinObjects(dataset: ObjectLocation, maximumBytes: number): Promise<PinnedObject[]> {
  if (!isFolder(dataset.key)) {
    const { bytes, versionId = dataset.versionId } = await head(dataset);
    requireRoom(dataset, 1, bytes, maximumBytes);
    return [{ key: dataset.key, ...(versionId === undefined ? {} : { versionId }), bytes }];
  }
  const keys: string[] = [];
  let listed = 0;
  for await (const { key, bytes } of listObjects(dataset.bucket, dataset.key)) {
    if (!isDataFile(key, dataset.key)) continue;
    keys.push(key);
    listed += bytes;
    if (keys.length > mostObjects) throw new DataTooLarge(`${formatS3Uri(dataset)} holds more than ${mostObjects.toLocaleString('en-US')} objects, expected at most so many: write fewer, larger ones.`);
  }
  if (keys.length === 0) throw new DataNotFound(`${formatS3Uri(dataset)} holds no data file (names that begin with _ or . are none), expected at least one.`);
  requireRoom(dataset, keys.length, listed, maximumBytes);
  const pinned = await inParallel(keys.toSorted(), requests, async (key): Promise<PinnedObject> => {
    const { bytes, versionId } = await head({ bucket: dataset.bucket, key });
    return { key, ...(versionId === undefined ? {} : { versionId }), bytes };
  });
  // Some may have been written anew since they were listed.
  requireRoom(dataset, keys.length, pinned.reduce((sum, { bytes }) => sum + bytes, 0), maximumBytes);
  return pinned;
}

/** @throws DataTooLarge where the objects come to more than the bound */
export function requireRoom(dataset: ObjectLocation, objects: number, bytes: number, maximumBytes: number): void {
  if (bytes <= maximumBytes) return;
  const what = objects === 1 && !isFolder(dataset.key) ? 'has' : `holds ${objects.toLocaleString('en-US')} ${objects === 1 ? 'object' : 'objects'} of`;
  throw new DataTooLarge(
    `${formatS3Uri(dataset)} ${what} ${bytes.toLocaleString('en-US')} bytes, expected at most ${maximumBytes.toLocaleString('en-US')}: ` +
      "raise the pipeline's bound on the data (maximumDataSize), which sizes memory and disk, or upload less.",
  );
}
