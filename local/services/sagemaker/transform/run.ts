import { createWriteStream, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import type { LaptopContext } from '../../../core/context.ts';
import { containerOf } from '../hosting/check.ts';
import type { ContainerClient } from '../hosting/forward.ts';
import type { ModelInput } from '../hosting/record.ts';
import { Variant } from '../hosting/variant.ts';
import { JobFailure, S3Transfer } from '../training/s3-transfer.ts';
import { batches } from './batches.ts';
import type { TransformJobInput } from './record.ts';

/** SageMaker's own, where a job says nothing. */
const defaults = { timeoutSeconds: 600, retries: 3, concurrency: 1 };

/** A transform job at work. */
export interface TransformRun {
  readonly context: LaptopContext;
  readonly client: ContainerClient;
  readonly input: TransformJobInput;
  readonly model: ModelInput;
  /** Its own, new folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a job: downloads its input, starts the model's container, asks it batch by batch, and uploads an output for each input.
 * @throws {JobFailure} with the reason for which it failed
 */
export async function runTransformJob(run: TransformRun): Promise<void> {
  const { context, input, folder, signal } = run;
  const model = withBatchEnvironment(run.model, input);
  const transfer = new S3Transfer(context, model.ExecutionRoleArn ?? '', input.TransformJobName);
  const inputs = path.join(folder, 'input');
  await transfer.download({ ChannelName: 'input', DataSource: input.TransformInput.DataSource }, inputs);
  const container = await Variant.start({ context, endpointName: input.TransformJobName, variant: { VariantName: 'transform' }, model, folder: path.join(folder, 'container'), signal }, { weight: 1 });
  // What the container is asked when the job is stopped needs no answer any more.
  signal.addEventListener('abort', () => void container.kill(), { once: true });
  try {
    const files = readdirSync(inputs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(inputs, path.join(entry.parentPath, entry.name)));
    for (const name of files.sort()) {
      const output = path.join(folder, 'output', `${name}.out`);
      mkdirSync(path.dirname(output), { recursive: true });
      await transform(run, container, path.join(inputs, name), output);
      await transfer.put(output, `${input.TransformOutput.S3OutputPath.replace(/\/$/, '')}/${name.split(path.sep).join('/')}.out`);
    }
  } finally {
    await container.kill();
  }
}

/** Several requests at once; their answers in the order of the input. */
async function transform(run: TransformRun, container: Variant, from: string, to: string): Promise<void> {
  const { input, signal } = run;
  const most = input.MaxConcurrentTransforms ?? defaults.concurrency;
  const output = createWriteStream(to);
  const waiting: Promise<Buffer>[] = [];
  const writeFirst = async (): Promise<void> => {
    const answer = await waiting.shift();
    if (answer !== undefined && !output.write(assembled(answer, input))) await once(output, 'drain');
  };
  for await (const body of batches(from, input)) {
    signal.throwIfAborted();
    const asked = ask(run, container, body);
    asked.catch(() => undefined);
    waiting.push(asked);
    if (waiting.length >= Math.max(1, most)) await writeFirst();
  }
  while (waiting.length > 0) await writeFirst();
  output.end();
  await once(output, 'close');
}

async function ask({ client, input, signal }: TransformRun, container: Variant, body: Buffer): Promise<Buffer> {
  const { InvocationsTimeoutInSeconds: timeout = defaults.timeoutSeconds, InvocationsMaxRetries: retries = defaults.retries } = input.ModelClientConfig ?? {};
  const headers = { 'content-type': input.TransformInput.ContentType ?? 'application/octet-stream', ...(input.TransformOutput.Accept === undefined ? {} : { accept: input.TransformOutput.Accept }) };
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    const failure = await container.withPort(async (port) => {
      if (port === undefined) return 'the container is down';
      const answer = await client.post(port, '/invocations', headers, body, timeout * 1000).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      if (typeof answer === 'string') return answer;
      if (answer.status < 300) return answer.body;
      const words = `${answer.status} "${answer.body.toString('utf8').slice(0, 500)}"`;
      // The input is at fault: asking again would not mend it.
      if (answer.status < 500) throw new JobFailure(`ClientError: the container answered ${words}. See job logs for more information`);
      return words;
    });
    if (failure instanceof Buffer) return failure;
    if (attempt >= retries) throw new JobFailure(`AlgorithmError: the container answered ${failure} after ${attempt + 1} attempts. See job logs for more information`);
  }
}

function assembled(answer: Buffer, { TransformOutput: { AssembleWith: how = 'None' } }: TransformJobInput): Buffer {
  return how === 'Line' && answer.at(-1) !== 0x0a ? Buffer.concat([answer, Buffer.from('\n')]) : answer;
}

/** What SageMaker tells a container of the job. */
function withBatchEnvironment(model: ModelInput, input: TransformJobInput): ModelInput {
  const { Containers: _containers, ...one } = model;
  const container = containerOf(model);
  const told = {
    SAGEMAKER_BATCH: 'true',
    SAGEMAKER_BATCH_STRATEGY: input.BatchStrategy === 'SingleRecord' ? 'SINGLE_RECORD' : 'MULTI_RECORD',
    ...(input.MaxPayloadInMB === undefined ? {} : { SAGEMAKER_MAX_PAYLOAD_IN_MB: String(input.MaxPayloadInMB) }),
    ...(input.MaxConcurrentTransforms === undefined ? {} : { SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(input.MaxConcurrentTransforms) }),
  };
  return { ...one, PrimaryContainer: { ...container, Environment: { ...container.Environment, ...input.Environment, ...told } } };
}
