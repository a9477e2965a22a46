import { ifThere, putJson, readJson, type Written } from './objects.ts';
import { parse } from './payload.ts';
import { type DeploymentRecord, recordSchema } from '../../model/serving/record.ts';
import { formatS3Uri, type ObjectLocation } from './s3-uri.ts';

/** A deployment record as it was read. */
export interface CurrentRecord {
  readonly record: DeploymentRecord;
  readonly etag: string;
  readonly versionId?: string;
}

/** The deployment record; undefined where nothing was deployed yet. @throws PayloadInvalid where the object is no record */
export async function readRecord(location: ObjectLocation): Promise<CurrentRecord | undefined> {
  const found = await ifThere(readJson(location));
  if (found === undefined) return undefined;
  const { value, ...head } = found;
  return { record: parse(recordSchema, value, formatS3Uri(location)), ...head };
}

/** Writes the record in the place of what was read. @throws WriteConflict where another writer was first */
export function writeRecord(location: ObjectLocation, record: DeploymentRecord, replaced: CurrentRecord | undefined): Promise<Written> {
  return putJson(location, record, replaced === undefined ? { ifAbsent: true } : { ifMatch: replaced.etag });
}
