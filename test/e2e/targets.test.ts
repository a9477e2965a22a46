import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from '../contract/cases.ts';
import { contractSuite } from '../contract/suite.ts';
import { httpTarget, type Target } from '../contract/target.ts';
import { endpointTarget, signedTarget, transform, transformTarget } from './target-clients.ts';
import { type ServedTargets, serveTargets } from './targets-app.ts';

let served: ServedTargets;
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  served = await serveTargets();
  ({ close } = served);
}, 120_000);

afterAll(async () => close?.());

/** API Gateway takes requests of 10 MB, a function events of 6 MB, in which a body that is no text stands in base64. */
const behindGateway: Omit<Target, 'send'> = { takesTextAlone: true, decodesPaths: true, bodyBytes: 4_000_000 };

contractSuite('a function behind an HTTP API', async () => signedTarget(served.urlOf('http'), 'execute-api', served.client, behindGateway));
contractSuite('a function behind a REST API', async () => signedTarget(served.urlOf('rest'), 'execute-api', served.client, behindGateway));
contractSuite('a function behind its URL', async () => signedTarget(served.urlOf('url'), 'lambda', served.client, behindGateway));
contractSuite('a function behind its URL, streamed', async () => signedTarget(served.urlOf('stream'), 'lambda', served.client, behindGateway));
contractSuite('containers behind a load balancer', async () => httpTarget(served.urlOf('service'), { hasMetrics: true }));
contractSuite('a real-time endpoint', async () => endpointTarget(served.endpointNameOf('real-time'), served.client, 6_291_456));
contractSuite('a serverless endpoint', async () => endpointTarget(served.endpointNameOf('serverless'), served.client, 4 * 1024 * 1024));
contractSuite('batch transform', async () => transformTarget(served.transformModel, served.artifacts.bucket, served.client));

test('a record that the model refuses fails its batch transform job, which says what is wrong with it', { timeout: 30_000 }, async () => {
  const place = { s3: new S3Client({ ...served.client, forcePathStyle: true }), sagemaker: new SageMakerClient(served.client), modelName: served.transformModel, bucket: served.artifacts.bucket };
  await expect(transform({ ...place, job: 'refused' }, [request('POST', '/invocations', { instances: [{ start: '2026-03-07T14:05:00', passengers: 10 }] })])).rejects.toThrow(/ClientError/);
});
