import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Connection } from './connection.ts';
import { s3Client } from './s3.ts';
import { parseS3Uri } from './s3-uri.ts';

/** A run's report as a file below the state folder, so that a browser opens it. @returns its path */
export async function fetchReport(connection: Connection, uri: string, stateDirectory: string, run: string): Promise<string> {
  const { bucket, key } = parseS3Uri(uri);
  const directory = path.join(path.resolve(stateDirectory), 'reports', run);
  await mkdir(directory, { recursive: true });
  const target = path.join(directory, 'report.html');
  const client = s3Client(connection);
  try {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await pipeline(body as Readable, createWriteStream(target));
    return target;
  } finally {
    client.destroy();
  }
}
