import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from './clients/s3.ts';
import { sha256, sha256OfFile } from './digest.ts';
import { DataNotFound, WriteConflict } from './errors.ts';
import { formatS3Uri, type ObjectLocation } from './s3-uri.ts';

/** What S3 says of an object without sending it. */
export interface ObjectHead {
  readonly bytes: number;
  readonly etag: string;
  readonly versionId?: string;
}

/** An object that was downloaded, with the digest of the bytes as they arrived. */
export interface Downloaded extends ObjectHead {
  readonly sha256: string;
}

/** What a write is conditional on: that the object is absent, or that it is still the one that was read. */
export type WriteCondition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/** What S3 says of an object that was written. */
export interface Written {
  readonly etag: string;
  readonly versionId?: string;
}

/** How often a transfer is tried whose stream broke: the SDK repeats requests, but never a body that was partly sent or read. */
const transferAttempts = 3;

/** @throws DataNotFound where there is no such object. */
export async function head(location: ObjectLocation): Promise<ObjectHead> {
  const answer = await found(location, () => s3.send(new HeadObjectCommand(target(location))));
  return { bytes: answer.ContentLength ?? 0, etag: answer.ETag ?? '', ...version(answer.VersionId) };
}

/** Downloads an object to a file, as a stream. @throws DataNotFound where there is no such object. */
export async function download(location: ObjectLocation, file: string): Promise<Downloaded> {
  return repeated(async () => {
    const answer = await found(location, () => s3.send(new GetObjectCommand(target(location))));
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk);
        bytes += chunk.length;
        next(null, chunk);
      },
    });
    await pipeline(answer.Body as Readable, measure, createWriteStream(file));
    if (answer.ContentLength !== undefined && answer.ContentLength !== bytes) {
      throw new Error(`${formatS3Uri(location)} ended after ${String(bytes)} of ${String(answer.ContentLength)} bytes.`);
    }
    return { bytes, etag: answer.ETag ?? '', sha256: hash.digest('hex'), ...version(answer.VersionId) };
  });
}

/** The SHA-256 of an object's bytes as they are in S3 now, in hex. @throws DataNotFound where there is no such object. */
export async function digestOf(location: ObjectLocation): Promise<string> {
  return repeated(async () => {
    const answer = await found(location, () => s3.send(new GetObjectCommand(target(location))));
    const hash = createHash('sha256');
    await pipeline(answer.Body as Readable, hash);
    return hash.digest('hex');
  });
}

/** Reads a small text. @throws DataNotFound where there is no such object. */
export async function readText(location: ObjectLocation): Promise<string> {
  const answer = await found(location, () => s3.send(new GetObjectCommand(target(location))));
  return (await answer.Body?.transformToString()) ?? '';
}

/** Reads a small JSON object. @throws DataNotFound where there is no such object. */
export async function readJson(location: ObjectLocation): Promise<{ value: unknown; etag: string; versionId?: string }> {
  const answer = await found(location, () => s3.send(new GetObjectCommand(target(location))));
  const text = (await answer.Body?.transformToString()) ?? '';
  return { value: JSON.parse(text), etag: answer.ETag ?? '', ...version(answer.VersionId) };
}

/** What is read of an object; undefined where there is no such object. */
export async function ifThere<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DataNotFound) return undefined;
    throw error;
  }
}

/** Uploads a file as a stream. S3 checks the bytes against their SHA-256, and keeps it. */
export async function upload(file: string, location: ObjectLocation, contentType: string): Promise<Written & { sha256: string; bytes: number }> {
  const [digest, { size }] = await Promise.all([sha256OfFile(file), stat(file)]);
  const written = await repeated(() => s3.send(new PutObjectCommand({
    ...target(location),
    Body: createReadStream(file),
    ContentLength: size,
    ContentType: contentType,
    ChecksumSHA256: Buffer.from(digest, 'hex').toString('base64'),
  })));
  return { sha256: digest, bytes: size, etag: written.ETag ?? '', ...version(written.VersionId) };
}

/** Writes a text. @throws WriteConflict where `condition` does not hold. */
export async function putText(location: ObjectLocation, text: string, contentType: string, condition?: WriteCondition): Promise<Written> {
  try {
    const written = await s3.send(new PutObjectCommand({
      ...target(location),
      Body: text,
      ContentType: contentType,
      ChecksumSHA256: Buffer.from(sha256(text), 'hex').toString('base64'),
      ...(condition === undefined ? {} : 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch }),
    }));
    return { etag: written.ETag ?? '', ...version(written.VersionId) };
  } catch (error) {
    const status = statusOf(error);
    // 412: another writer was first. 409: another writer is at it. 404 to an If-Match: the object is gone.
    if (condition !== undefined && (status === 412 || status === 409 || status === 404)) {
      throw new WriteConflict(`${formatS3Uri(location)} was written by another in the meantime (HTTP ${String(status)}).`, { cause: error });
    }
    throw error;
  }
}

/** Writes a value as JSON. @throws WriteConflict where `condition` does not hold. */
export function putJson(location: ObjectLocation, value: unknown, condition?: WriteCondition): Promise<Written> {
  return putText(location, `${JSON.stringify(value, null, 2)}\n`, 'application/json', condition);
}

/** The HTTP status of an error that the SDK threw; undefined for any other. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

async function found<Answer>(location: ObjectLocation, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    const which = location.versionId === undefined ? '' : ` (version ${location.versionId})`;
    throw new DataNotFound(`${formatS3Uri(location)}${which} does not exist.`, { cause: error });
  }
}

async function repeated<Result>(transfer: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transfer();
    } catch (error) {
      // An answer of S3 (4xx, or a 5xx that the SDK has already repeated) stands; only a broken stream is tried again.
      const answered = error instanceof DataNotFound || statusOf(error) !== undefined;
      if (answered || attempt === transferAttempts) throw error;
    }
  }
}

function target(location: ObjectLocation): { Bucket: string; Key: string; VersionId?: string } {
  return { Bucket: location.bucket, Key: location.key, ...(location.versionId === undefined ? {} : { VersionId: location.versionId }) };
}

function version(versionId: string | undefined): { versionId?: string } {
  return versionId === undefined ? {} : { versionId };
}
