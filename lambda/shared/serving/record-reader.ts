import { GetObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from '../clients/s3.ts';
import { statusOf } from '../objects.ts';
import { parse } from '../payload.ts';
import { recordSchema } from '../../../model/serving/record.ts';
import { formatS3Uri, type ObjectLocation } from '../s3-uri.ts';
import type { RecordRead } from '../../../model/serving/live-models.ts';

/** Reads the deployment record, unless it is still the known one. */
export async function readRecord(location: ObjectLocation, etag: string | undefined): Promise<RecordRead> {
  try {
    const answer = await s3.send(new GetObjectCommand({ Bucket: location.bucket, Key: location.key, ...(etag === undefined ? {} : { IfNoneMatch: etag }) }));
    const value: unknown = JSON.parse((await answer.Body?.transformToString()) ?? '');
    return { kind: 'record', record: parse(recordSchema, value, formatS3Uri(location)), etag: answer.ETag ?? '' };
  } catch (error) {
    const status = statusOf(error);
    if (status === 304) return { kind: 'unchanged' };
    if (status === 404) return { kind: 'absent' };
    throw error;
  }
}
