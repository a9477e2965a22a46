import { DataNotFound } from './errors.ts';
import { putJson, readJson, type Written } from './objects.ts';
import { parse } from './payload.ts';
import { type DeploymentRecord, recordSchema } from './record.ts';
import { formatS3Uri, type ObjectLocation } from './s3-uri.ts';

/** A deployment record as it was read. */
export interface CurrentRecord {
  readonly record: DeploymentRecord;
  readonly etag: string;
  readonly versionId?: string;
}

/** The deployment record; undefined where nothing was deployed yet. @throws PayloadInvalid where the object is no record */
export async function readRecord(location: ObjectLocation): Promise<CurrentRecord | undefined> {
  try {
    const { value, ...head } = await readJson(location);
    return { record: parse(recordSchema, value, formatS3Uri(location)), ...head };
  } catch (error) {
    if (error instanceof DataNotFound) return undefined;
    throw error;
  }
}

/** Writes the record in the place of what was read. @throws WriteConflict where another writer was first */
export function writeRecord(location: ObjectLocation, record: DeploymentRecord, replaced: CurrentRecord | undefined): Promise<Written> {
  return putJson(location, record, replaced === undefined ? { ifAbsent: true } : { ifMatch: replaced.etag });
}
