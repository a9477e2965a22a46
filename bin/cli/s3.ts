import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig, type Connection } from './connection.ts';

/** A client of S3. The laptop's one port knows buckets by path alone. */
export function s3Client(connection: Connection): S3Client {
  return new S3Client({ ...clientConfig(connection), forcePathStyle: connection.awsEndpoint !== undefined });
}

/** Reads a small text. */
export async function readText(s3: S3Client, bucket: string, key: string): Promise<string> {
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await body?.transformToString()) ?? '';
}

/** The HTTP status of an error that the SDK threw; undefined for any other. */
export function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
