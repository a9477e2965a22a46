import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentTaskCount } from '../../../lambda/current-task-count/count.ts';
import { context } from '../support/fake-aws.ts';

/** Services by cluster and name; what was asked and answered. */
const services = new Map<string, { status: string; desiredCount: number }>();
const clusters = new Set<string>();
const asked: unknown[] = [];
const answers: Record<string, unknown>[] = [];
let fails = false;
let takes = 200;
let server: Server;
let url: string;
let handler: (event: unknown, given: object) => Promise<void>;

beforeAll(async () => {
  // Amazon ECS, and CloudFormation's place for answers.
  server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const body = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Record<string, unknown>;
      if (request.method === 'PUT') {
        answers.push({ ...body, contentType: request.headers['content-type'] });
        response.writeHead(takes).end();
        return;
      }
      asked.push(body);
      const error = fails ? 'AccessDeniedException' : clusters.has(body['cluster'] as string) ? undefined : 'ClusterNotFoundException';
      const found = (body['services'] as string[]).flatMap((name) => services.get(`${body['cluster'] as string}/${name}`) ?? []);
      response.writeHead(error === undefined ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(error === undefined ? { services: found, failures: [] } : { __type: error, message: error }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  ({ handler } = (await import('../../../lambda/current-task-count/handler.ts')) as { handler: typeof handler });
});
beforeEach(() => {
  services.clear();
  clusters.clear();
  clusters.add('one').add('two');
  asked.length = 0;
  answers.length = 0;
  fails = false;
  takes = 200;
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

const place = (Cluster: string) => ({ ServiceToken: 'arn', Cluster, ServiceName: 'staging', Service: { PropagateTags: 'SERVICE' } });
const event = (more: object) => ({ ResponseURL: `${url}/answer`, StackId: 'stack', RequestId: 'request', LogicalResourceId: 'TaskCount', ...more });
const ask = async (more: object) => {
  await handler(event(more), context);
  return answers.at(-1);
};

describe('the count of tasks that CloudFormation is told', () => {
  it('of a new service is none', async () => {
    expect(await ask({ RequestType: 'Create', ResourceProperties: place('one') })).toEqual({
      Status: 'SUCCESS', Data: { DesiredCount: 0 }, StackId: 'stack', RequestId: 'request', LogicalResourceId: 'TaskCount', PhysicalResourceId: 'TaskCount',
    });
    expect(asked).toEqual([{ cluster: 'one', services: ['staging'] }]);
  });

  it('of one that lives is as many as it is to run, however often it is asked', async () => {
    services.set('one/staging', { status: 'ACTIVE', desiredCount: 17 });
    const update = { RequestType: 'Update', PhysicalResourceId: 'TaskCount', ResourceProperties: place('one'), OldResourceProperties: place('one') };
    expect(await ask(update)).toMatchObject({ Status: 'SUCCESS', Data: { DesiredCount: 17 } });
    expect(await ask(update)).toMatchObject({ Status: 'SUCCESS', Data: { DesiredCount: 17 } });
  });

  it('of one that moves to another cluster is as many as it had', async () => {
    services.set('one/staging', { status: 'ACTIVE', desiredCount: 3 });
    expect(await ask({ RequestType: 'Update', ResourceProperties: place('two'), OldResourceProperties: place('one') })).toMatchObject({ Data: { DesiredCount: 3 } });
  });

  it('of one that was deleted, or whose cluster was, is none', async () => {
    services.set('one/staging', { status: 'INACTIVE', desiredCount: 3 });
    expect(await ask({ RequestType: 'Update', ResourceProperties: place('one'), OldResourceProperties: place('gone') })).toMatchObject({ Status: 'SUCCESS', Data: { DesiredCount: 0 } });
  });

  it('is never none because it could not be read: the deployment fails', async () => {
    services.set('one/staging', { status: 'ACTIVE', desiredCount: 3 });
    fails = true;
    const answer = await ask({ RequestType: 'Update', ResourceProperties: place('one'), OldResourceProperties: place('one') });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('AccessDenied') as string });
    expect(answer).not.toHaveProperty('Data');
  });

  it('is not asked for when all is deleted', async () => {
    expect(await ask({ RequestType: 'Delete', PhysicalResourceId: 'TaskCount', ResourceProperties: {} })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'TaskCount' });
    expect(asked).toEqual([]);
  });

  it('without a name fails, and says so', async () => {
    expect(await ask({ RequestType: 'Create', ResourceProperties: { ServiceToken: 'arn' } })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('ResourceProperties.Cluster') as string });
  });

  it('goes again where CloudFormation did not take it', async () => {
    takes = 503;
    await expect(ask({ RequestType: 'Create', ResourceProperties: place('one') })).rejects.toThrow('CloudFormation took the answer with 503');
  });
});

it('a count of more than one place is the greatest', async () => {
  const counts: Record<string, number | undefined> = { one: 2, two: 5 };
  const count = (request: Parameters<typeof currentTaskCount>[0]) => currentTaskCount(request, async ({ Cluster }) => counts[Cluster]);
  const at = (Cluster: string) => ({ Cluster, ServiceName: 's' });
  expect(await count({ RequestType: 'Update', ResourceProperties: at('one'), OldResourceProperties: at('two') })).toBe(5);
  expect(await count({ RequestType: 'Create', ResourceProperties: at('three') })).toBe(0);
});
