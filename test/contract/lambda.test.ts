import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import type { HttpAnswer } from '../../lambda/inference/response.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import { context, FakeAws } from '../lambda/support/fake-aws.ts';
import { type HttpHandler, names, setEnvironment } from '../lambda/support/pipeline.ts';
import { modelName, packContractModel } from './model.ts';
import { contractSuite } from './suite.ts';
import { type ContractRequest, type ContractResponse, maximumRows, type Target, travelsAsText } from './target.ts';

const aws = new FakeAws();
let handler: HttpHandler;

beforeAll(async () => {
  // The metrics of each request, which Lambda would put in the log.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await aws.start();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'contract-lambda-'));
  const archive = path.join(folder, 'model.tar.gz');
  await packContractModel(archive);
  const bytes = await readFile(archive);
  await rm(folder, { recursive: true });
  aws.put(names.artifacts, 'models/model.tar.gz', bytes);
  const record: DeploymentRecord = {
    stable: { modelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/${modelName}/1`, modelName, modelVersion: '1', artifact: { bucket: names.artifacts, key: 'models/model.tar.gz', sha256: createHash('sha256').update(bytes).digest('hex') } },
    updatedAt: '2026-11-20T12:00:00.000Z',
    run: 'contract',
  };
  aws.put(names.artifacts, 'deployments/staging.json', JSON.stringify(record));
  setEnvironment('http://127.0.0.1:9');
  Object.assign(process.env, { MAX_BATCH_ROWS: String(maximumRows), REVALIDATE_SECONDS: '300' });
  ({ handler } = await import('../../lambda/inference/handler.ts'));
});

afterAll(async () => {
  vi.restoreAllMocks();
  await aws.stop();
});

function target(eventOf: (request: ContractRequest, path: string, query: string, body: { body: string; isBase64Encoded: boolean }) => object): () => Promise<Target> {
  return async () => ({
    takesTextAlone: true,
    concurrency: 1,
    async send(request) {
      const [before = '', query = ''] = request.path.split('?');
      const body = travelsAsText(request.headers) ? { body: request.body.toString('utf8'), isBase64Encoded: false } : { body: request.body.toString('base64'), isBase64Encoded: true };
      return responseOf(await handler(eventOf(request, before, query, body), context));
    },
  });
}

function responseOf({ statusCode, headers, body, isBase64Encoded }: HttpAnswer): ContractResponse {
  return { status: statusCode, headers, body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') };
}

/** As a client sent them. */
const capitalized = (headers: ContractRequest['headers']): Record<string, string> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()), value]));

contractSuite('the function behind an HTTP API (payload 2.0)', target(({ method, headers }, path, query, body) => ({
  version: '2.0', rawPath: `/prod${path}`, rawQueryString: query, headers, requestContext: { requestId: 'http-api', stage: 'prod', http: { method } }, ...body,
})));

contractSuite('the function behind a REST API (payload 1.0)', target(({ method, headers }, path, query, body) => {
  const several = [...new URLSearchParams(query)].map(([name, value]): [string, string[]] => [name, [value]]);
  return {
    httpMethod: method, path, headers: capitalized(headers), multiValueHeaders: Object.fromEntries(Object.entries(capitalized(headers)).map(([name, value]) => [name, [value]])),
    queryStringParameters: query === '' ? null : Object.fromEntries(new URLSearchParams(query)), multiValueQueryStringParameters: query === '' ? null : Object.fromEntries(several), requestContext: { requestId: 'rest-api', stage: 'prod' }, ...body,
  };
}));

contractSuite('the function behind its URL', target(({ method, headers }, path, query, { body, isBase64Encoded }) => ({
  version: '2.0', routeKey: '$default', rawPath: path, rawQueryString: query, headers, requestContext: { requestId: 'url', http: { method } },
  ...(body === '' ? {} : { body: isBase64Encoded ? body : Buffer.from(body).toString('base64') }), isBase64Encoded: true,
})));
