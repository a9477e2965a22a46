import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../../lambda/drive-service/decide.ts';
import { context } from '../support/fake-aws.ts';

/** Amazon ECS, with one service. */
let service: { status: string; desiredCount: number; runningCount: number; events?: { message: string }[] } | undefined;
const updates: unknown[] = [];
let server: Server;
let handler: (event: unknown, given: object) => Promise<unknown>;

beforeAll(async () => {
  server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const body = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as { desiredCount: number };
      if (String(request.headers['x-amz-target']).endsWith('UpdateService')) {
        updates.push(body);
        service!.desiredCount = body.desiredCount;
      }
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify({ services: service === undefined ? [] : [service], failures: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  for (const [name, value] of Object.entries({ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', CLUSTER: 'cluster', SERVICE_NAME: 'service', MIN_TASKS: '2' })) vi.stubEnv(name, value);
  ({ handler } = (await import('../../../lambda/drive-service/handler.ts')) as { handler: typeof handler });
});
beforeEach(() => {
  updates.length = 0;
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

const drive = () => handler({ rollout: { status: 'TRYING' } }, context);

describe('the driver of a service', () => {
  it('raises it to its fewest tasks when the first model comes, once however often it is called, and waits until one runs', async () => {
    service = { status: 'ACTIVE', desiredCount: 0, runningCount: 0 };
    expect(await drive()).toEqual({ settled: false, status: 'APPLYING', reason: 'The service gets 2 tasks, and had 0.' });
    service.events = [{ message: '(service) was unable to place a task.' }];
    expect(await drive()).toEqual({ settled: false, status: 'APPLYING', reason: 'None of 2 tasks runs yet: (service) was unable to place a task.' });
    service.runningCount = 1;
    expect(await drive()).toEqual({ settled: true, status: 'APPLIED' });
    expect(await drive()).toEqual({ settled: true, status: 'APPLIED' });
    expect(updates).toEqual([{ cluster: 'cluster', service: 'service', desiredCount: 2 }]);
  });

  it('leaves what autoscaling has made of it', async () => {
    service = { status: 'ACTIVE', desiredCount: 17, runningCount: 17 };
    expect(await drive()).toEqual({ settled: true, status: 'APPLIED' });
    expect(updates).toEqual([]);
  });

  it('says so where there is none any more', async () => {
    service = { status: 'DRAINING', desiredCount: 0, runningCount: 3 };
    expect(await drive()).toMatchObject({ settled: true, status: 'FAILED', reason: expect.stringContaining('does not exist') as string });
    service = undefined;
    expect(await drive()).toMatchObject({ settled: true, status: 'FAILED' });
  });

  it('does not start what is to run none by itself, and says what to do', () => {
    expect(decide({ desiredCount: 0, runningCount: 0 }, 0)).toMatchObject({ settled: true, status: 'FAILED', reason: expect.stringMatching(/minTasks is 0.*while its queue or its schedule runs it/) as string });
    expect(decide({ desiredCount: 1, runningCount: 1 }, 0)).toEqual({ settled: true, status: 'APPLIED' });
  });

  it('never lowers a count', () => {
    fc.assert(fc.property(fc.nat(100), fc.nat(100), fc.nat(100), (desiredCount, runningCount, minTasks) => {
      expect(decide({ desiredCount, runningCount }, minTasks).raiseTo ?? Infinity).toBeGreaterThan(desiredCount);
    }));
  });
});
