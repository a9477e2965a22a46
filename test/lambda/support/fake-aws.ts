import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeSecrets } from './fake-secrets.ts';

/** A version of an object. */
interface StoredObject {
  readonly body: Buffer;
  readonly versionId: string;
  readonly etag: string;
  readonly contentType: string;
  readonly lastModified: Date;
}

/** A call that the fake received: `s3 PUT /bucket/key`, `StartExecution`, .. */
export interface Call {
  readonly name: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * As much of S3, Step Functions, SageMaker and SNS as the handlers use, over HTTP on a loopback port: the handlers run with their real SDK clients.
 * Buckets exist, and are versioned.
 */
export class FakeAws {
  readonly calls: Call[] = [];
  readonly objects = new Map<string, StoredObject[]>();
  readonly executions = new Map<string, { input: string; startDate: number }>();
  /** How often executions were redriven, by ARN; those that are not here never were. */
  readonly redriveCounts = new Map<string, number>();
  readonly packages: Record<string, unknown>[] = [];
  readonly messages: URLSearchParams[] = [];
  /** The records of the online store, by identifier (the first feature of each), and how often each was written. */
  readonly records = new Map<string, { values: { FeatureName: string; ValueAsString: string }[]; puts: number }>();
  /** How versions of the group `trips` stand, by number. */
  readonly approvals = new Map<number, { readonly ModelApprovalStatus: string } & Record<string, unknown>>();
  /** Task tokens for which somebody waits, and the answers that were given. */
  readonly tokens = new Set<string>();
  readonly answers: Record<string, unknown>[] = [];
  readonly secrets = new FakeSecrets();
  /** Called before each call is served; what it returns is answered instead. */
  fault: ((call: Call) => { status: number; body: string; headers?: Record<string, string> } | undefined) | undefined;
  /** The caller dies after so many of `calls`: that one has its effect, but its answer is lost, and later ones never arrive. */
  diesAfter: number | undefined;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** Listens, and points this process's SDK clients here. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${String(port)}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '1',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Puts an object, and answers its version. */
  put(bucket: string, key: string, body: Buffer | string, contentType = 'application/octet-stream'): StoredObject {
    const bytes = Buffer.from(body);
    const stored = {
      body: bytes,
      versionId: randomBytes(8).toString('hex'),
      etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
      contentType,
      lastModified: new Date(),
    };
    const place = `${bucket}/${key}`;
    this.objects.set(place, [...(this.objects.get(place) ?? []), stored]);
    return stored;
  }

  /** The newest version of an object. */
  get(bucket: string, key: string): StoredObject | undefined {
    return this.objects.get(`${bucket}/${key}`)?.at(-1);
  }

  json(bucket: string, key: string): unknown {
    return JSON.parse(this.get(bucket, key)?.body.toString() ?? 'null');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const target = request.headers['x-amz-target'];
    const url = new URL(request.url ?? '/', 'http://localhost');
    const isQuery = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    const isFeatureStore = url.pathname === '/BatchGetRecord' || url.pathname.startsWith('/FeatureGroup/');
    const name = isFeatureStore ? (request.method === 'PUT' ? 'PutRecord' : 'BatchGetRecord') : typeof target === 'string' ? (target.split('.').at(-1) ?? '') : isQuery ? (new URLSearchParams(body.toString()).get('Action') ?? '') : `s3 ${request.method ?? ''} ${decodeURIComponent(url.pathname)}`;
    const call = { name, headers: request.headers, body: body.toString() };
    this.calls.push(call);
    if (this.calls.length > (this.diesAfter ?? Infinity)) return void response.destroy();
    if (this.calls.length === this.diesAfter) response.end = () => response.destroy();
    const fault = this.fault?.(call);
    if (fault !== undefined) {
      response.writeHead(fault.status, { 'content-type': 'application/xml', ...fault.headers }).end(fault.body);
    } else if (isFeatureStore) {
      this.featureStore(name, JSON.parse(body.toString()) as Record<string, unknown>, response);
    } else if (name.startsWith('s3 ')) {
      this.s3(request, url, body, response);
    } else if (name === 'Publish') {
      this.messages.push(new URLSearchParams(body.toString()));
      response.writeHead(200, { 'content-type': 'text/xml' }).end('<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
    } else {
      this.json10(name, JSON.parse(body.toString()) as Record<string, string>, response);
    }
  }

  private s3(request: IncomingMessage, url: URL, body: Buffer, response: ServerResponse): void {
    const [bucket = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
    const key = rest.join('/');
    const versions = this.objects.get(`${bucket}/${key}`) ?? [];
    const fail = (status: number, code: string) => response.writeHead(status, { 'content-type': 'application/xml' }).end(request.method === 'HEAD' ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    if (request.method === 'GET' && url.searchParams.get('list-type') === '2') return void this.list(bucket, url.searchParams.get('prefix') ?? '', response);
    if (request.method === 'PUT') {
      const copied = request.headers['x-amz-copy-source'];
      if (copied !== undefined) return void this.copy(String(copied), bucket, key, request, response, fail);
      const checksum = request.headers['x-amz-checksum-sha256'];
      if (checksum !== undefined && checksum !== createHash('sha256').update(body).digest('base64')) return void fail(400, 'BadDigest');
      if (request.headers['if-none-match'] === '*' && versions.length > 0) return void fail(412, 'PreconditionFailed');
      const match = request.headers['if-match'];
      if (match !== undefined && match !== versions.at(-1)?.etag) return void fail(versions.length === 0 ? 404 : 412, 'PreconditionFailed');
      const stored = this.put(bucket, key, body, request.headers['content-type']);
      return void response.writeHead(200, { etag: stored.etag, 'x-amz-version-id': stored.versionId }).end();
    }
    const versionId = url.searchParams.get('versionId');
    const object = versionId === null ? versions.at(-1) : versions.find((candidate) => candidate.versionId === versionId);
    if (object === undefined) return void fail(404, 'NoSuchKey');
    if (request.headers['if-none-match'] === object.etag) return void fail(304, 'NotModified');
    response.writeHead(200, { etag: object.etag, 'x-amz-version-id': object.versionId, 'content-length': object.body.length, 'content-type': object.contentType });
    response.end(request.method === 'HEAD' ? undefined : object.body);
  }

  private copy(source: string, bucket: string, key: string, request: IncomingMessage, response: ServerResponse, fail: (status: number, code: string) => void): void {
    const [, from = '', versionId] = /^(.*?)(?:\?versionId=(.*))?$/.exec(source) ?? [];
    const versions = this.objects.get(decodeURIComponent(from)) ?? [];
    const object = versionId === undefined ? versions.at(-1) : versions.find((candidate) => candidate.versionId === versionId);
    if (object === undefined) return fail(404, 'NoSuchKey');
    if (request.headers['if-none-match'] === '*' && this.objects.has(`${bucket}/${key}`)) return fail(412, 'PreconditionFailed');
    const stored = this.put(bucket, key, object.body, object.contentType);
    response.writeHead(200, { 'content-type': 'application/xml', 'x-amz-version-id': stored.versionId }).end(`<CopyObjectResult><ETag>${stored.etag}</ETag></CopyObjectResult>`);
  }

  private featureStore(name: string, input: Record<string, unknown>, response: ServerResponse): void {
    const answer = (value: unknown) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (name === 'PutRecord') {
      const values = input['Record'] as { FeatureName: string; ValueAsString: string }[];
      const identifier = values[0]?.ValueAsString ?? '';
      this.records.set(identifier, { values, puts: (this.records.get(identifier)?.puts ?? 0) + 1 });
      return answer({});
    }
    const [{ FeatureGroupName, RecordIdentifiersValueAsString: identifiers = [], FeatureNames = [] } = {}] = input['Identifiers'] as { FeatureGroupName?: string; RecordIdentifiersValueAsString?: string[]; FeatureNames?: string[] }[];
    const records = identifiers.flatMap((identifier) => {
      const found = this.records.get(identifier);
      return found === undefined ? [] : [{ FeatureGroupName, RecordIdentifierValueAsString: identifier, Record: found.values.filter(({ FeatureName }) => FeatureNames.includes(FeatureName)) }];
    });
    answer({ Records: records, Errors: [], UnprocessedIdentifiers: [] });
  }

  private list(bucket: string, prefix: string, response: ServerResponse): void {
    const found = [...this.objects].filter(([place]) => place.startsWith(`${bucket}/${prefix}`));
    const contents = found.map(([place, versions]) => `<Contents><Key>${place.slice(bucket.length + 1)}</Key><LastModified>${versions.at(-1)?.lastModified.toISOString() ?? ''}</LastModified><Size>${String(versions.at(-1)?.body.length ?? 0)}</Size><ETag>${versions.at(-1)?.etag ?? ''}</ETag></Contents>`);
    response.writeHead(200, { 'content-type': 'application/xml' }).end(`<ListBucketResult>${contents.join('')}</ListBucketResult>`);
  }

  private json10(name: string, input: Record<string, string>, response: ServerResponse): void {
    const answer = (status: number, value: unknown) => void response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(value));
    if (name === 'StartExecution') {
      const execution = input['name'] ?? '';
      const known = this.executions.get(execution);
      if (known !== undefined && known.input !== input['input']) return answer(400, { __type: 'ExecutionAlreadyExists', message: 'exists' });
      const started = known ?? { input: input['input'] ?? '', startDate: Date.now() / 1000 };
      this.executions.set(execution, started);
      return answer(200, { executionArn: `${(input['stateMachineArn'] ?? '').replace(':stateMachine:', ':execution:')}:${execution}`, startDate: started.startDate });
    }
    if (name === 'DescribeExecution') {
      const executionArn = input['executionArn'] ?? '';
      return answer(200, { executionArn, status: 'RUNNING', redriveCount: this.redriveCounts.get(executionArn) ?? 0 });
    }
    if (name === 'CreateModelPackage') {
      const known = this.packages.findIndex((candidate) => candidate['ClientToken'] === input['ClientToken']);
      const version = known === -1 ? this.packages.push(input) : known + 1;
      return answer(200, { ModelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/${input['ModelPackageGroupName'] ?? ''}/${String(version)}` });
    }
    const stateOf = (index: number): object => ({ ModelApprovalStatus: 'PendingManualApproval', CreationTime: 0, ...this.approvals.get(index + 1) });
    if (name === 'DescribeModelPackage') {
      const arn = input['ModelPackageName'] ?? '';
      return answer(200, { ModelPackageArn: arn, ...stateOf(Number(arn.split('/').at(-1)) - 1) });
    }
    if (name === 'ListModelPackages') {
      const arns = [...this.approvals].filter(([, { ModelApprovalStatus: status }]) => status === input['ModelApprovalStatus']).map(([version]) => `arn:aws:sagemaker:us-east-1:000000000000:model-package/trips/${String(version)}`);
      return answer(200, { ModelPackageSummaryList: arns.map((ModelPackageArn) => ({ ModelPackageArn, ModelPackageStatus: 'Completed', CreationTime: 0 })) });
    }
    if (name === 'SendTaskSuccess' || name === 'SendTaskFailure') {
      if (!this.tokens.delete(input['taskToken'] ?? '')) return answer(400, { __type: 'TaskTimedOut', message: 'gone' });
      this.answers.push({ name, ...input });
      return answer(200, {});
    }
    const secret = this.secrets.answer(name, input);
    if (secret !== undefined) return answer(secret.status, secret.value);
    return answer(400, { __type: 'UnknownOperationException', message: name });
  }
}

/** A Lambda context with a minute left. */
export const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };
