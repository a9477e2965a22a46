import { CreateTransformJobCommand, DescribeTransformJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, ModelError, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { type ContractRequest, type ContractResponse, httpTarget, type Target } from '../contract/target.ts';
import type { ClientConfig } from './targets-app.ts';

/** A target whose callers sign their requests. @param service `execute-api` of API Gateway, `lambda` of function URLs */
export function signedTarget(url: string, service: string, { region, credentials }: ClientConfig, more: Omit<Target, 'send'> = {}): Target {
  const base = new URL(url);
  const prefix = base.pathname.replace(/\/$/, '');
  const target = httpTarget(`${base.origin}${prefix}`, more);
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  return {
    ...target,
    async send(request) {
      const [path = '', query = ''] = request.path.split('?');
      const { headers } = await signer.sign({
        method: request.method,
        protocol: base.protocol,
        hostname: base.hostname,
        port: Number(base.port),
        path: `${prefix}${path}`,
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: { ...request.headers, host: base.host },
        body: request.body,
      });
      const { host: _, ...signed } = headers;
      return target.send({ ...request, headers: signed });
    },
  };
}

/** An endpoint of SageMaker, asked as its clients do. @param bodyBytes what SageMaker takes at most */
export function endpointTarget(endpointName: string, client: ClientConfig, bodyBytes: number): Target {
  const runtime = new SageMakerRuntimeClient({ ...client, maxAttempts: 1 });
  return {
    onlyInvocations: true,
    requestHeaders: ['content-type', 'accept', 'x-amzn-sagemaker-custom-attributes', 'x-amzn-sagemaker-inference-id', 'x-amzn-sagemaker-session-id'],
    responseHeaders: ['content-type', 'x-amzn-sagemaker-custom-attributes'],
    refusalHeaders: [],
    bodyBytes,
    send: (request) => invoke(runtime, endpointName, request),
    close: async () => { runtime.destroy(); },
  };
}

async function invoke(runtime: SageMakerRuntimeClient, EndpointName: string, { headers, body }: ContractRequest): Promise<ContractResponse> {
  const named = { ContentType: headers['content-type'], Accept: headers['accept'], CustomAttributes: headers['x-amzn-sagemaker-custom-attributes'], InferenceId: headers['x-amzn-sagemaker-inference-id'], SessionId: headers['x-amzn-sagemaker-session-id'] };
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  try {
    const answer = await runtime.send(new InvokeEndpointCommand({ EndpointName, Body: body, ...given }));
    const answered = { 'content-type': answer.ContentType, 'x-amzn-sagemaker-custom-attributes': answer.CustomAttributes };
    return { status: 200, headers: Object.fromEntries(Object.entries(answered).filter((entry): entry is [string, string] => entry[1] !== undefined)), body: Buffer.from(answer.Body) };
  } catch (error) {
    // What the container refused comes within an error of SageMaker's, with the container's status and words.
    if (!(error instanceof ModelError)) throw error;
    return { status: error.OriginalStatusCode ?? 0, headers: {}, body: Buffer.from(error.OriginalMessage ?? '') };
  }
}

/** How long requests are gathered until they go into a job together. */
const gatherMilliseconds = 30;

/** Batch transform: each request is an object, and those of the same formats go into one job. */
export function transformTarget(modelName: string, bucket: string, client: ClientConfig): Target {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sagemaker = new SageMakerClient(client);
  const waiting = new Map<string, Gathered[]>();
  let jobs = 0;
  const start = async (gathered: readonly Gathered[]): Promise<void> => {
    const job = `contract-${String((jobs += 1))}`;
    try {
      const outputs = await transform({ s3, sagemaker, job, modelName, bucket }, gathered.map(({ request }) => request));
      gathered.forEach(({ resolve }, index) => { resolve({ status: 200, headers: {}, body: outputs[index]! }); });
    } catch (error) {
      for (const { reject } of gathered) reject(error);
    }
  };
  return {
    onlyInvocations: true,
    onlyAnswered: true,
    requestHeaders: ['content-type', 'accept'],
    responseHeaders: [],
    // All of a group at once, so that they meet in few jobs.
    concurrency: 200,
    send: (request) =>
      new Promise((resolve, reject) => {
        const { accept = '', 'content-type': contentType = '' } = request.headers;
        const key = `${contentType} ${accept}`;
        const gathered = waiting.get(key) ?? [];
        gathered.push({ request, resolve, reject });
        if (gathered.length > 1) return;
        waiting.set(key, gathered);
        setTimeout(() => {
          waiting.delete(key);
          void start(gathered);
        }, gatherMilliseconds);
      }),
    close: async () => {
      s3.destroy();
      sagemaker.destroy();
    },
  };
}

interface Gathered {
  readonly request: ContractRequest;
  resolve(answer: ContractResponse): void;
  reject(error: unknown): void;
}

/** What a batch transform job needs. */
export interface TransformPlace {
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly job: string;
  readonly modelName: string;
  readonly bucket: string;
}

/** Runs a job over an object a request, all of the same formats. @returns what lies in the objects of the answers @throws Error with the reason that SageMaker gives */
export async function transform({ s3, sagemaker, job, modelName, bucket }: TransformPlace, requests: readonly ContractRequest[]): Promise<Buffer[]> {
  const { accept, 'content-type': contentType } = requests[0]!.headers;
  const name = (index: number): string => String(index).padStart(5, '0');
  await Promise.all(requests.map(({ body }, index) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: `transform/${job}/in/${name(index)}`, Body: body }))));
  await sagemaker.send(
    new CreateTransformJobCommand({
      TransformJobName: job,
      ModelName: modelName,
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/transform/${job}/in/` } }, ...(contentType === undefined ? {} : { ContentType: contentType }) },
      TransformOutput: { S3OutputPath: `s3://${bucket}/transform/${job}/out`, ...(accept === undefined ? {} : { Accept: accept }) },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    }),
  );
  for (;;) {
    const { TransformJobStatus: status, FailureReason: reason } = await sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: job }));
    if (status === 'Completed') break;
    if (status !== 'InProgress') throw new Error(`The job ${job} is ${status ?? ''}: ${reason ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Promise.all(
    requests.map(async (_, index) => {
      const { Body: answer } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `transform/${job}/out/${name(index)}.out` }));
      return Buffer.from(await answer!.transformToByteArray());
    }),
  );
}
