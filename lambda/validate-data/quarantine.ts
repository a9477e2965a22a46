import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { ValidationReport } from '../../model/data/validation-report.ts';
import { s3 } from '../shared/clients/s3.ts';
import type { DatasetFile, FetchedFile } from '../shared/dataset-files.ts';
import { sha256 } from '../shared/digest.ts';
import { WriteConflict } from '../shared/errors.ts';
import { putJson, statusOf } from '../shared/objects.ts';
import { inParallel } from '../shared/parallel.ts';
import type { Run } from '../shared/payload.ts';
import { formatS3Uri } from '../shared/s3-uri.ts';

/** What is put into quarantine, and why. */
export interface Quarantined {
  readonly run: Run;
  /** The bucket and the folder (ending in `/`) of the quarantine of this run. */
  readonly quarantine: { readonly bucket: string; readonly folder: string };
  readonly dataset: { readonly bucket: string; readonly key: string };
  readonly files: readonly FetchedFile[];
  readonly report: Pick<ValidationReport, 'reasons' | 'warnings' | 'violations'>;
}

/** S3's bound on a key, in bytes of UTF-8. */
const longestKey = 1024;
/** Copies at a time. */
const copies = 16;

/**
 * Copies refused data, in the version that was read, into quarantine, with the reasons beside it; the original stays where it is. The reasons come last: where
 * they lie, all is there. Running twice changes nothing.
 * @returns the URI of the folder
 */
export async function putIntoQuarantine({ run, quarantine, dataset, files, report }: Quarantined): Promise<string> {
  const { bucket, folder } = quarantine;
  const copied = await inParallel(files, copies, async ({ name, file }) => {
    const key = quarantineKey(`${folder}data/`, name);
    await copyOnce(dataset.bucket, file, bucket, key);
    return { ...file, quarantinedAs: key };
  });
  const reasons = { run: run.name, executionArn: run.executionArn, dataset, files: copied, reasons: report.reasons, warnings: report.warnings, violations: report.violations.violations };
  try {
    await putJson({ bucket, key: `${folder}reasons.json` }, reasons, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error; // an earlier try of this run wrote it
  }
  return formatS3Uri({ bucket, key: folder });
}

/** Where a file goes; a name for which there is no room goes by its digest. */
function quarantineKey(folder: string, name: string): string {
  const key = `${folder}${name}`;
  return Buffer.byteLength(key) <= longestKey ? key : `${folder}${sha256(name)}`;
}

async function copyOnce(fromBucket: string, { key: fromKey, versionId }: DatasetFile, bucket: string, key: string): Promise<void> {
  const source = `${fromBucket}/${fromKey.split('/').map(encodeURIComponent).join('/')}`;
  try {
    await s3.send(new CopyObjectCommand({
      Bucket: bucket,
      Key: key,
      CopySource: versionId === undefined ? source : `${source}?versionId=${encodeURIComponent(versionId)}`,
      // Without the tags: to read and write them would be permissions of their own.
      TaggingDirective: 'REPLACE',
      IfNoneMatch: '*',
    }));
  } catch (error) {
    if (statusOf(error) !== 412) throw error; // an earlier try of this run copied it
  }
}
