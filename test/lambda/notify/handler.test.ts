import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { handler as Handler } from '../../../lambda/notify/handler.ts';
import { context, FakeAws } from '../support/fake-aws.ts';
import { names, setEnvironment } from '../support/pipeline.ts';

const aws = new FakeAws();
let handler: typeof Handler;

beforeAll(async () => {
  await aws.start();
  setEnvironment('http://127.0.0.1:1');
  ({ handler } = await import('../../../lambda/notify/handler.ts'));
});
afterEach(() => {
  aws.fault = undefined;
  aws.objects.clear();
  aws.redriveCounts.clear();
  aws.messages.length = 0;
});
afterAll(() => aws.stop());

const run = { name: 'run-1', executionArn: 'arn:aws:states:us-east-1:000000000000:execution:trips:run-1' };
const failure = { state: 'CheckPerformance', error: 'GateNotMet', cause: 'auc 0.7 is not above 0.99', redriveCount: 0 };
const failed = { kind: 'failure', run, failure };
const statusEvent = (status: string, more: object = {}) => ({ source: 'aws.states', detail: { ...run, status, error: null, cause: null, redriveCount: 0, ...more } });

test('a failure is told once, kept, and thrown each time', async () => {
  for (let time = 0; time < 2; time += 1) await expect(handler(failed, context)).rejects.toMatchObject({ name: 'GateNotMet', message: 'auc 0.7 is not above 0.99' });
  // The status event of the same failure follows.
  expect(await handler(statusEvent('FAILED', { error: 'GateNotMet', cause: '{}' }), context)).toEqual({ sent: false });
  expect(aws.messages).toHaveLength(1);
  expect(aws.messages[0]?.get('Subject')).toBe('trips: GateNotMet: auc 0.7 is not above 0.99');
  expect(aws.messages[0]?.get('TopicArn')).toBe(names.topic);
  expect(aws.json(names.artifacts, 'reports/trips/run-1/failure.json')).toMatchObject({ ...failure, reason: failure.cause, run: 'run-1' });
});

test('a redriven run goes on where it failed; where it fails again, it is told again', async () => {
  await expect(handler(failed, context)).rejects.toThrow();
  aws.redriveCounts.set(run.executionArn, 1);
  // The very payload of the first time: a redriven task need not get another.
  expect(await handler({ ...failed, redriveCount: 0 }, context)).toEqual({ resume: 'CheckPerformance' });
  await expect(handler({ ...failed, failure: { ...failure, redriveCount: 1 } }, context)).rejects.toThrow();
  expect(aws.messages).toHaveLength(2);
});

test('where Step Functions does not say whether it was redriven, it fails with its own reason, told once', async () => {
  aws.fault = ({ name }) => (name === 'DescribeExecution' ? { status: 400, body: '{"__type":"AccessDeniedException","message":"no"}' } : undefined);
  for (let time = 0; time < 2; time += 1) await expect(handler(failed, context)).rejects.toMatchObject({ name: 'GateNotMet' });
  expect(aws.messages).toHaveLength(1);
});

test('a run whose name is refused is told of, and not to be redriven', async () => {
  const name = 'try+1=größer @home';
  const named = { name, executionArn: `arn:aws:states:us-east-1:000000000000:execution:trips:${name}` };
  const refused = { state: 'ValidateData', error: 'InvalidRunName', cause: 'expected letters', redriveCount: 0 };
  await expect(handler({ kind: 'failure', run: named, failure: refused }, context)).rejects.toMatchObject({ name: 'InvalidRunName' });
  expect(await handler(statusEvent('FAILED', named), context)).toEqual({ sent: false });
  expect(aws.messages).toHaveLength(1);
  expect(aws.messages[0]?.get('Message')).toContain('under another name');
  expect(aws.messages[0]?.get('Message')).not.toContain('redrive-execution');
  expect(aws.json(names.artifacts, `reports/trips/${name}/failure.json`)).toMatchObject({ error: 'InvalidRunName' });
});

test('a claim that another call is just writing is tried again', async () => {
  let conflicts = 2;
  aws.fault = ({ name }) => (name.startsWith('s3 PUT') && name.endsWith('notified-0.json') && conflicts-- > 0 ? { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code></Error>' } : undefined);
  expect(await handler(statusEvent('TIMED_OUT'), context)).toEqual({ sent: true });
  expect(aws.messages).toHaveLength(1);

  conflicts = Infinity;
  await expect(handler(statusEvent('TIMED_OUT', { redriveCount: 0, name: 'other' }), context)).rejects.toMatchObject({ name: 'DataNotFound' });
});

test.each([['TIMED_OUT', 'longer than the state machine allows'], ['ABORTED', 'stopped by hand'], ['FAILED', 'ended as FAILED']])('%s, which no Catch sees, is told from its event', async (status, text) => {
  expect(await handler(statusEvent(status), context)).toEqual({ sent: true });
  expect(await handler(statusEvent(status), context)).toEqual({ sent: false });
  expect(aws.messages[0]?.get('Message')).toContain(text);
});

test('a message that could not be sent hides no reason, and is sent from the status event', async () => {
  aws.fault = ({ name }) => (name === 'Publish' ? { status: 500, body: '<ErrorResponse><Error><Code>InternalError</Code></Error></ErrorResponse>' } : undefined);
  await expect(handler(failed, context)).rejects.toMatchObject({ name: 'GateNotMet' });
  await expect(handler(statusEvent('FAILED'), context)).rejects.toMatchObject({ name: 'InternalErrorException' });
  aws.fault = undefined;
  expect(await handler(statusEvent('FAILED', { error: 'GateNotMet', cause: failure.cause }), context)).toEqual({ sent: true });
  expect(aws.messages.map((message) => message.get('Subject'))).toEqual(['trips: GateNotMet: auc 0.7 is not above 0.99']);
});

test('anything else is refused', async () => {
  await expect(handler({ kind: 'other' }, context)).rejects.toMatchObject({ name: 'PayloadInvalid', message: expect.stringContaining('{"kind":"success",..}') as string });
});
