import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { s3 } from './clients/s3.ts';

/** An object as a listing tells of it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** What Spark, Glue and Hadoop write into a folder when all of it is there. */
export const completionMarker = '_SUCCESS';

/** The objects under a prefix, in the order of their keys' UTF-8 bytes. */
export async function* listObjects(bucket: string, prefix: string): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const { Key: key, Size: bytes = 0, ETag: etag = '', LastModified: lastModified } of page.Contents ?? []) {
      if (key !== undefined && lastModified !== undefined) yield { key, bytes, etag, lastModified };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** Whether a key under a folder is one of its data files: not a folder, and nothing hidden on the way to it (`_SUCCESS`, `_temporary/0/a.parquet`, `.a.crc`). */
export function isDataFile(key: string, folder: string): boolean {
  return !key.endsWith('/') && !key.slice(folder.length).split('/').some((name) => /^[_.]/.test(name));
}
