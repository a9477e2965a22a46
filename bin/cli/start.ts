import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Application } from './application.ts';
import { clientConfig, type Connection } from './connection.ts';
import { CommandError } from './errors.ts';

/** A run that was started. */
export interface StartedRun {
  readonly executionArn: string;
  readonly name: string;
}

/** An object of the data bucket, in one version. */
export interface UploadedData {
  readonly key: string;
  readonly versionId?: string;
  readonly bytes: number;
}

/** Uploads a file to where the pipeline watches for data. On its own this starts a run; `startRun` then adopts that run. */
export async function uploadData(connection: Connection, application: Application, file: string): Promise<UploadedData> {
  const { size } = await stat(file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const key = `${application.dataPrefix}${path.basename(file)}`;
  const client = new S3Client({ ...clientConfig(connection), forcePathStyle: connection.awsEndpoint !== undefined });
  const { VersionId: versionId } = await client.send(
    new PutObjectCommand({ Bucket: application.dataBucket, Key: key, Body: createReadStream(file), ContentLength: size }),
  );
  client.destroy();
  return { key, bytes: size, ...(versionId === undefined ? {} : { versionId }) };
}

/** Starts a run on an object, or finds the one that the object's event has started: both have the same name. */
export async function startRun(connection: Connection, application: Application, data: UploadedData): Promise<StartedRun> {
  const client = new LambdaClient(clientConfig(connection));
  const { key, versionId } = data;
  const answer = await client.send(
    new InvokeCommand({
      FunctionName: application.startFunction,
      Payload: JSON.stringify({ trigger: 'manual', dataset: { bucket: application.dataBucket, key, ...(versionId === undefined ? {} : { versionId }) } }),
    }),
  );
  client.destroy();
  const payload = JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8')) as StartedRun & { errorType?: string; errorMessage?: string };
  if (answer.FunctionError !== undefined) {
    throw new CommandError(`The pipeline did not start: ${payload.errorType ?? 'Error'}: ${payload.errorMessage ?? 'no message'}`);
  }
  return payload;
}
