import { PayloadInvalid } from './errors.ts';

/** Where an object is; with `versionId`, exactly one version of it. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** `s3://bucket/key`. */
export function formatS3Uri(location: ObjectLocation): string {
  return `s3://${location.bucket}/${location.key}`;
}

/**
 * The bucket and key of an `s3://bucket/key`. Keys are taken as they stand: an S3 URI is not URL-encoded.
 * @throws PayloadInvalid for anything else.
 */
export function parseS3Uri(uri: string): ObjectLocation {
  const match = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri);
  if (match?.[1] === undefined || match[2] === undefined) throw new PayloadInvalid(`'${uri}' is no S3 URI, expected s3://bucket/key.`);
  return { bucket: match[1], key: match[2] };
}

/** The location of a file under a folder's location (`key` with or without the last `/`). */
export function under(folder: ObjectLocation, name: string): ObjectLocation {
  return { bucket: folder.bucket, key: `${folder.key.replace(/\/+$/, '')}/${name}` };
}
