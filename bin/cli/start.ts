import { createReadStream } from 'node:fs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Application } from './application.ts';
import { clientConfig, type Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { localDataset } from './local-files.ts';
import { s3Client } from './s3.ts';
import { parseS3Uri } from './s3-uri.ts';

/** A run that was started. */
export interface StartedRun {
  readonly executionArn: string;
  readonly name: string;
}

/** A dataset in S3: an object, in one version, or the objects of a folder (a key that ends in `/`). */
export interface UploadedData {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Of what was uploaded; not known of what lay there already. */
  readonly bytes?: number;
  /** How many files were uploaded into a folder. */
  readonly files?: number;
}

/**
 * Uploads data to where the pipeline watches for it: a file, or several into a new folder, with the marker that completes it last. On its own this starts a run;
 * `startRun` then adopts that run. An `s3://` address is data that lies there already.
 * @throws CommandError
 */
export async function uploadData(connection: Connection, application: Application, given: readonly string[]): Promise<UploadedData> {
  const [first = ''] = given;
  if (given.some((one) => one.startsWith('s3://'))) {
    if (given.length > 1) throw new CommandError('Expected one s3:// address: an object, or a folder whose address ends in / for all objects under it.');
    return parseS3Uri(first);
  }
  const { name, isFile, files } = await localDataset(given);
  const client = s3Client(connection);
  const bucket = application.dataBucket;
  const put = async (key: string, file?: { readonly path: string; readonly bytes: number }): Promise<string | undefined> =>
    (await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: file === undefined ? Buffer.alloc(0) : createReadStream(file.path), ContentLength: file?.bytes ?? 0 }))).VersionId;
  try {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (isFile) {
      const key = `${application.dataPrefix}${name}`;
      const versionId = await put(key, files[0]);
      return { bucket, key, bytes, ...(versionId === undefined ? {} : { versionId }) };
    }
    // A folder of its own each time: what an earlier upload left in it would be learned from as well.
    const folder = `${application.dataPrefix}${name}-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}/`;
    for (const file of files) await put(folder + file.name, file);
    await put(`${folder}_SUCCESS`);
    return { bucket, key: folder, bytes, files: files.length };
  } finally {
    client.destroy();
  }
}

/** Starts a run on data in S3, or finds the one that its event has started: both have the same name. */
export async function startRun(connection: Connection, application: Application, data: UploadedData): Promise<StartedRun> {
  const client = new LambdaClient(clientConfig(connection));
  const { bucket, key, versionId } = data;
  const answer = await client.send(
    new InvokeCommand({
      FunctionName: application.startFunction,
      Payload: JSON.stringify({ trigger: 'manual', dataset: { bucket, key, ...(versionId === undefined ? {} : { versionId }) } }),
    }),
  );
  client.destroy();
  const payload = JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8')) as StartedRun & { errorType?: string; errorMessage?: string };
  if (answer.FunctionError !== undefined) {
    throw new CommandError(`The pipeline did not start: ${payload.errorType ?? 'Error'}: ${payload.errorMessage ?? 'no message'}`);
  }
  return payload;
}
