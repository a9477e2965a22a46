import { CommandError } from './errors.ts';

/** The parts of `s3://bucket/key`. A key is not percent-encoded there, so this is no URL. */
export function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) throw new CommandError(`'${uri}' is no S3 address, expected s3://bucket/key.`);
  return { bucket, key };
}
