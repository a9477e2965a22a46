import { expect, test } from 'vitest';
import type { Call, Caller } from '../../../local/core/call.ts';
import { createDispatcher } from '../../../local/core/dispatch.ts';
import { AwsError } from '../../../local/core/errors.ts';
import type { LaptopEvent } from '../../../local/core/events.ts';

const caller: Caller = { kind: 'role', arn: 'arn:aws:sts::000000000000:assumed-role/r/s', accountId: '000000000000', roleArn: 'arn:aws:iam::000000000000:role/r' };

function dispatcher(authorize: (call: Call) => void = () => undefined) {
  const events: LaptopEvent[] = [];
  return { events, ...createDispatcher({ region: 'us-east-1', authorizer: { authorize }, emit: (event) => events.push(event) }) };
}

test('every call is authorized as who makes it, handled, and told of', async () => {
  const authorized: Call[] = [];
  const { dispatch, register, events } = dispatcher((call) => authorized.push(call));
  register([{ name: 'thing', operations: { Double: ({ n }) => ({ n: n * 2 }) } }]);
  expect(await dispatch({ service: 'thing', operation: 'Double', input: { n: 2 }, caller })).toEqual({ n: 4 });
  expect(authorized).toMatchObject([{ service: 'thing', operation: 'Double', input: { n: 2 }, caller, region: 'us-east-1', requestId: expect.any(String) }]);
  expect(events).toEqual([{ type: 'call', service: 'thing', operation: 'Double', callerArn: caller.arn, requestId: authorized[0]!.requestId, milliseconds: expect.any(Number) }]);
});

test('a denial stops the call before its handler', async () => {
  let handled = false;
  const { dispatch, register, events } = dispatcher(() => { throw new AwsError('AccessDenied', 'no', 403); });
  register([{ name: 'thing', operations: { Do: () => ((handled = true), {}) } }]);
  await expect(dispatch({ service: 'thing', operation: 'Do', input: {}, caller })).rejects.toMatchObject({ code: 'AccessDenied' });
  expect([handled, events]).toEqual([false, [expect.objectContaining({ error: 'AccessDenied' })]]);
});

test('what no service serves is not implemented, and inherited names are no operations', async () => {
  const { dispatch, register } = dispatcher();
  register([{ name: 'thing', operations: {} }]);
  for (const [service, operation] of [['none', 'Do'], ['thing', 'Do'], ['thing', 'constructor']] as const) {
    await expect(dispatch({ service, operation, input: {}, caller })).rejects.toMatchObject({ code: 'NotImplemented', message: `${service}:${operation} is not served on the laptop.` });
  }
});

test('services are told when all is up, and closed in reverse', async () => {
  const order: string[] = [];
  const { register, ready, close } = dispatcher();
  register(['a', 'b'].map((name) => ({ name, operations: {}, ready: () => void order.push(`${name} ready`), close: () => void order.push(`${name} closed`) })));
  expect(() => register([{ name: 'a', operations: {} }])).toThrow('Two services are named a');
  await ready();
  await close();
  expect(order).toEqual(['a ready', 'b ready', 'b closed', 'a closed']);
});
