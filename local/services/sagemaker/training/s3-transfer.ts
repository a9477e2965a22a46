import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';
import type { Caller } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Channel } from './record.ts';

/** A reason for which a job fails, in SageMaker's words. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
}

/** Bucket and key of an `s3://` URI. */
function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  if (bucket === undefined) throw new JobFailure(`ClientError: "${uri}" is no S3 URI: expected s3://bucket/key`);
  return { bucket, key };
}

/** Moves a job's data between S3 and its folder, under the role that was passed to it. */
export class S3Transfer {
  readonly #context: LaptopContext;
  readonly #caller: Caller;
  readonly #roleArn: string;

  constructor(context: LaptopContext, roleArn: string, jobName: string) {
    this.#context = context;
    this.#roleArn = roleArn;
    this.#caller = context.identity.role(roleArn, `SageMaker-${jobName}`.slice(0, 64));
  }

  /** Downloads a channel's objects into a folder. */
  async download(channel: Channel, folder: string): Promise<void> {
    const source = channel.DataSource.S3DataSource;
    if (source === undefined) throw new JobFailure(`ClientError: channel ${channel.ChannelName} has no S3DataSource, the only source that the laptop serves`);
    if (source.S3DataType !== 'S3Prefix') throw new JobFailure(`ClientError: channel ${channel.ChannelName} is of type ${source.S3DataType}: the laptop serves S3Prefix`);
    if ((channel.CompressionType ?? 'None') !== 'None') throw new JobFailure(`ClientError: channel ${channel.ChannelName} is compressed (${channel.CompressionType}): the laptop serves None`);
    const { bucket, key: prefix } = parseS3Uri(source.S3Uri);
    let found = 0;
    for await (const key of this.#keys(bucket, prefix)) {
      await this.#fetch(bucket, key, path.join(folder, relativeName(key, prefix)));
      found += 1;
    }
    if (found > 0) return;
    throw new JobFailure(
      `ClientError: Data download failed:No S3 objects found under S3 URL "${source.S3Uri}" given in input data source. Please ensure that the bucket exists in the selected region (${this.#context.region}), that objects exist under that S3 prefix, and that the role "${this.#roleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".`,
    );
  }

  /** Downloads all objects below a prefix into a folder; there may be none. */
  async fetchAll(uri: string, folder: string): Promise<void> {
    const { bucket, key: prefix } = parseS3Uri(uri);
    for await (const key of this.#keys(bucket, prefix)) await this.#fetch(bucket, key, path.join(folder, relativeName(key, prefix)));
  }

  /** Downloads one object into a file. */
  async get(uri: string, file: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    await this.#fetch(bucket, key, file);
  }

  /** Uploads a file as it is; one that is gone by now is left out. */
  async put(file: string, uri: string): Promise<void> {
    if (!existsSync(file)) return;
    const { bucket, key } = parseS3Uri(uri);
    await this.#call('PutObject', { Bucket: bucket, Key: key, Body: readFileSync(file) });
  }

  /** Packs a folder into a `.tar.gz` and uploads it. */
  async upload(folder: string, uri: string, kmsKeyId: string | undefined): Promise<void> {
    const archive = `${folder}.tar.gz`;
    await create({ gzip: true, file: archive, cwd: folder, portable: true }, readdirSync(folder).sort());
    const { bucket, key } = parseS3Uri(uri);
    await this.#call('PutObject', {
      Bucket: bucket,
      Key: key,
      Body: createReadStream(archive),
      ContentLength: statSync(archive).size,
      ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
    });
  }

  async *#keys(bucket: string, prefix: string): AsyncGenerator<string> {
    let token: unknown;
    do {
      const page = await this.#call('ListObjectsV2', { Bucket: bucket, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) });
      for (const { Key } of (page['Contents'] ?? []) as { Key: string }[]) if (!Key.endsWith('/')) yield Key;
      token = page['NextContinuationToken'];
    } while (token !== undefined);
  }

  async #fetch(bucket: string, key: string, file: string): Promise<void> {
    const { Body: body } = await this.#call('GetObject', { Bucket: bucket, Key: key });
    mkdirSync(path.dirname(file), { recursive: true });
    await pipeline(body instanceof Readable ? body : Readable.from([body as Uint8Array]), createWriteStream(file));
  }

  async #call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    try {
      return await this.#context.dispatch({ service: 's3', operation, input, caller: this.#caller });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new JobFailure(`ClientError: ${operation} of s3://${String(input['Bucket'])}/${String(input['Key'] ?? input['Prefix'])} under the role "${this.#roleArn}" failed: ${error.code}: ${error.message}`);
    }
  }
}

/** Where an object comes to lie in its channel: below the prefix when that is a folder, else by the name behind its last slash. */
function relativeName(key: string, prefix: string): string {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : key.startsWith(`${prefix}/`) ? `${prefix}/` : prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const name = path.posix.normalize(key.slice(folder.length));
  if (name.startsWith('../') || path.posix.isAbsolute(name)) throw new JobFailure(`ClientError: the object "${key}" would lie outside of its channel`);
  return name;
}
