import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { JobFailure } from '../training/s3-transfer.ts';
import type { TransformJobInput } from './record.ts';

const megabyte = 1024 * 1024;
/** SageMaker's own, where a job says nothing. */
const defaultPayloadMegabytes = 6;

/**
 * The bodies of the requests that an input file becomes: the whole of it, a record each, or as many records as the payload takes.
 * @throws {JobFailure} for a record, or a file that is not split, that is larger than the payload
 */
export async function* batches(file: string, { MaxPayloadInMB: megabytes = defaultPayloadMegabytes, BatchStrategy: strategy = 'MultiRecord', TransformInput: input }: TransformJobInput): AsyncGenerator<Buffer> {
  // 0 is no bound.
  const most = megabytes === 0 ? Infinity : megabytes * megabyte;
  const compressed = input.CompressionType === 'Gzip';
  if ((input.SplitType ?? 'None') === 'None') {
    const body = compressed ? Buffer.concat(await createReadStream(file).pipe(createGunzip()).toArray()) : await readFile(file);
    yield bounded(body, most, file);
    return;
  }
  const stream = compressed ? createReadStream(file).pipe(createGunzip()) : createReadStream(file);
  let lines: Buffer[] = [];
  let size = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    const record = bounded(Buffer.from(`${line}\n`), most, file);
    if (lines.length > 0 && (strategy === 'SingleRecord' || size + record.length > most)) {
      yield Buffer.concat(lines);
      [lines, size] = [[], 0];
    }
    lines.push(record);
    size += record.length;
  }
  if (lines.length > 0) yield Buffer.concat(lines);
}

function bounded(body: Buffer, most: number, file: string): Buffer {
  if (body.length <= most) return body;
  throw new JobFailure(`ClientError: a record of ${file} has ${body.length} bytes, more than MaxPayloadInMB allows (${most}). Split the input (SplitType), or raise MaxPayloadInMB.`);
}
