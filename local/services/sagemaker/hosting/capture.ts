import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { DataCaptureInput } from './record.ts';

/** A request and its answer, as data capture sees them. */
export interface Captured {
  readonly input: { readonly contentType: string; readonly data: Uint8Array };
  readonly output: { readonly contentType: string; readonly data: Uint8Array };
  readonly inferenceId?: string;
  readonly customAttributes?: string;
}

/** Where a variant's captured data goes, and under whose role. */
export interface CaptureTarget {
  readonly endpointName: string;
  readonly variantName: string;
  readonly roleArn: string;
  readonly config: DataCaptureInput;
}

/** The lines of a file that is not written yet. */
interface Batch {
  readonly target: CaptureTarget;
  readonly lines: string[];
  readonly timer: NodeJS.Timeout;
}

/** SageMaker writes captured data some seconds after the requests, many to a file. */
const flushMilliseconds = 1000;

/** Writes what endpoints are asked and answer to S3, as JSON lines in SageMaker's format. */
export class DataCapture {
  readonly #context: LaptopContext;
  readonly #batches = new Map<string, Batch>();
  readonly #writing = new Set<Promise<void>>();

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /** Keeps a request and its answer, if it is in the sample. */
  add(target: CaptureTarget, captured: Captured): void {
    const { config } = target;
    if (config.EnableCapture === false || Math.random() * 100 >= config.InitialSamplingPercentage) return;
    const line = JSON.stringify(captureLine(config, captured, this.#context.clock.now()));
    const key = `${target.endpointName}/${target.variantName}/${config.DestinationS3Uri}`;
    const batch = this.#batches.get(key) ?? this.#open(key, target);
    batch.lines.push(line);
  }

  /** Writes what is kept. */
  async flush(): Promise<void> {
    for (const key of [...this.#batches.keys()]) this.#write(key);
    await Promise.all(this.#writing);
  }

  #open(key: string, target: CaptureTarget): Batch {
    const batch: Batch = { target, lines: [], timer: setTimeout(() => this.#write(key), flushMilliseconds) };
    this.#batches.set(key, batch);
    return batch;
  }

  #write(key: string): void {
    const batch = this.#batches.get(key);
    if (batch === undefined) return;
    clearTimeout(batch.timer);
    this.#batches.delete(key);
    const done = this.#put(batch).finally(() => this.#writing.delete(done));
    this.#writing.add(done);
  }

  async #put({ target: { endpointName, variantName, roleArn, config }, lines }: Batch): Promise<void> {
    const { DestinationS3Uri: uri, KmsKeyId: kmsKeyId } = config;
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(uri) ?? [];
    const time = this.#context.clock.now().toISOString();
    const [day = '', hour = '', file = ''] = [time.slice(0, 10).replaceAll('-', '/'), time.slice(11, 13), `${time.slice(14, 16)}-${time.slice(17, 19)}-${time.slice(20, 23)}-${randomUUID()}.jsonl`];
    const key = [...(prefix === '' ? [] : [prefix]), endpointName, variantName, day, hour, file].join('/');
    try {
      await this.#context.dispatch({
        service: 's3',
        operation: 'PutObject',
        input: { Bucket: bucket, Key: key, Body: Buffer.from(`${lines.join('\n')}\n`), ContentType: 'application/jsonlines', ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }) },
        caller: this.#context.identity.role(roleArn, `SageMaker-${endpointName}`.slice(0, 64)),
      });
    } catch (error) {
      // The requests were answered long ago: nobody but the person at the laptop can be told.
      if (!(error instanceof AwsError)) throw error;
      this.#context.emit({ type: 'notice', subject: endpointName, message: `Data capture of ${endpointName} could not write s3://${bucket}/${key} under the role "${roleArn}": ${error.code}: ${error.message}` });
    }
  }
}

/** One line of a capture file. */
export function captureLine(config: DataCaptureInput, { input, output, inferenceId, customAttributes }: Captured, at: Date): Record<string, unknown> {
  const modes = config.CaptureOptions.map(({ CaptureMode }) => CaptureMode);
  const has = (mode: 'Input' | 'Output'): boolean => modes.includes(mode) || modes.includes('InputAndOutput');
  return {
    captureData: {
      ...(has('Input') ? { endpointInput: { observedContentType: input.contentType, mode: 'INPUT', ...encoded(config, input) } } : {}),
      ...(has('Output') ? { endpointOutput: { observedContentType: output.contentType, mode: 'OUTPUT', ...encoded(config, output) } } : {}),
    },
    eventMetadata: {
      eventId: randomUUID(),
      ...(customAttributes === undefined ? {} : { customAttributes: [customAttributes] }),
      ...(inferenceId === undefined ? {} : { inferenceId }),
      inferenceTime: `${at.toISOString().slice(0, 19)}Z`,
    },
    eventVersion: '0',
  };
}

function encoded({ CaptureContentTypeHeader: header }: DataCaptureInput, { contentType, data }: Captured['input']): { readonly data: string; readonly encoding: string } {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const text = Buffer.from(data);
  if (header?.JsonContentTypes?.includes(type) === true) return { data: text.toString('utf8'), encoding: 'JSON' };
  if (header?.CsvContentTypes?.includes(type) === true) return { data: text.toString('utf8'), encoding: 'CSV' };
  return { data: text.toString('base64'), encoding: 'BASE64' };
}
