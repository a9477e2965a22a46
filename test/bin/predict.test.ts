import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { servedTargets } from '../../bin/cli/served-targets.ts';
import { slipway } from './support.ts';

/** What was asked: the path, for which service it was signed, and the body. */
const asked: { path: string; service: string | undefined; body: unknown }[] = [];
let server: Server;
let origin = '';
let state = '';

const reference = (target: string, url: string, signedFor?: string) => ({ target, url, bucket: 'artifacts', key: `deployments/${target}.json`, stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:x', ...(signedFor === undefined ? {} : { signedFor }) });
const outputs = (): Record<string, string> => ({
  ...Object.fromEntries(['DataBucketName', 'ArtifactBucketName', 'ModelPackageGroupName', 'PipelineName', 'DataPrefix', 'StartFunctionName', 'StateMachineArn'].map((name) => [name, 'x'])),
  ApiUrl: `${origin}/http`,
  HttpTarget: JSON.stringify(reference('http', `${origin}/http`, 'execute-api')),
  UrlTarget: JSON.stringify(reference('url', `${origin}/url`, 'lambda')),
  EndpointTarget: JSON.stringify(reference('endpoint', 'https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/trips/invocations', 'sagemaker')),
  GoneTarget: JSON.stringify(reference('gone', 'http://127.0.0.1:9')),
});

const text = async (request: IncomingMessage): Promise<string> => (await Array.fromAsync(request as AsyncIterable<Buffer>)).join('');
const xml = (value: string) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      if (body.includes('DescribeStacks')) {
        const members = Object.entries(outputs()).map(([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${xml(value)}</OutputValue></member>`);
        response.end(`<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>app</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`);
        return;
      }
      const [, service] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '') ?? [];
      asked.push({ path: request.url ?? '', service, body: JSON.parse(body) });
      if (body.includes('wrong')) response.writeHead(424, { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelError' }).end(JSON.stringify({ Message: 'Received client error (400)', OriginalStatusCode: 400, OriginalMessage: '{"error":{"message":"distance is wrong"}}' }));
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"prediction":"late"}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  state = await mkdtemp(path.join(tmpdir(), 'slipway-predict-'));
  await writeFile(path.join(state, 'laptop.json'), JSON.stringify({ awsEndpoint: origin, credentials: { accessKeyId: 'AKIA', secretAccessKey: 's' }, region: 'us-east-1', apis: {}, pid: process.pid }));
});
beforeEach(() => void asked.splice(0));
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(state, { recursive: true });
});

const predict = (...args: string[]) => slipway('predict', ...args, '--state', state, '--json');

describe('slipway predict', () => {
  it('asks staging, signed for what it signs for', async () => {
    expect(await predict('{"distance":1}')).toMatchObject({ exitCode: 0, stdout: '{"prediction":"late"}\n' });
    expect(asked).toEqual([{ path: '/http/predict', service: 'execute-api', body: { input: { distance: 1 } } }]);
  });

  it('asks the target of a name in the way that it is asked', async () => {
    await predict('[{"distance":1},{"distance":2}]', '--target', 'url');
    await predict('{"distance":1}', '--target', 'endpoint');
    expect(asked).toEqual([
      { path: '/url/predict/batch', service: 'lambda', body: { inputs: [{ distance: 1 }, { distance: 2 }] } },
      { path: '/endpoints/trips/invocations', service: 'sagemaker', body: { instances: [{ distance: 1 }] } },
    ]);
  });

  it('shows what the model refuses, within SageMaker\'s own error too', async () => {
    expect(await predict('{"distance":"wrong"}', '--target', 'endpoint')).toMatchObject({ exitCode: 1, stdout: '{"error":{"message":"distance is wrong"}}\n', error: 'The API answered 400: distance is wrong' });
  });

  it('names the targets that there are, and says where one is out of reach', async () => {
    expect((await predict('{}', '--target', 'gpu')).error).toBe("There is no target 'gpu', expected one of http, url, endpoint, gone.");
    expect((await predict('{}', '--target', 'gone')).error).toMatch(/^The target gone cannot be reached at http:\/\/127\.0\.0\.1:9: .*A load balancer that does not face the internet answers inside of its network alone\.$/);
    expect((await predict('{}', '--production')).error).toMatch(/no production beside its one API/);
  });
});

it('targets are shown with what the app has them for', () => {
  const targets = ['http', 'rest', 'endpoint'].map((name) => reference(name, `http://${name}`));
  const stacks = [{ outputs: [{ key: 'DeploymentRecordKey', value: 'deployments/rest.json' }, { key: 'ProductionDeploymentRecordKey', value: 'deployments/http.json' }] }];
  expect(servedTargets(targets, stacks)).toEqual([{ target: 'http', url: 'http://http', serves: 'production' }, { target: 'rest', url: 'http://rest', serves: 'staging' }, { target: 'endpoint', url: 'http://endpoint' }]);
});
