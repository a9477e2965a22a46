import { expect, test } from 'vitest';
import { systemClock } from '../../../local/core/clock.ts';
import { createIdentity } from '../../../local/iam/identity.ts';
import { openStore } from '../../../local/store/sqlite.ts';
import { temporaryDirectory } from '../support/assembly.ts';

const roleArn = 'arn:aws:iam::000000000000:role/service/worker';

function identities() {
  const store = openStore(temporaryDirectory());
  let time = Date.parse('2026-11-20T00:00:00Z');
  const open = () => createIdentity({ store, accountId: '000000000000', partition: 'aws', clock: { ...systemClock, now: () => new Date(time) } });
  return { open, pass: (hours: number) => (time += hours * 3_600_000) };
}

test('the operator keeps the same keys over restarts', () => {
  const { open } = identities();
  const first = open();
  expect(first.operatorCredentials).toEqual({ accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/), secretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/) });
  expect(open().operatorCredentials).toEqual(first.operatorCredentials);
  expect(first.callerOf(first.operatorCredentials.accessKeyId)).toEqual(first.operator);
});

test('a session of a role is that role until it is over', () => {
  const { open, pass } = identities();
  const identity = open();
  const { accessKeyId, sessionToken } = identity.credentialsFor(roleArn, 'job-1');
  expect([accessKeyId, sessionToken]).toEqual([expect.stringMatching(/^ASIA/), expect.any(String)]);
  const caller = { kind: 'role', arn: 'arn:aws:sts::000000000000:assumed-role/worker/job-1', accountId: '000000000000', roleArn };
  expect(open().callerOf(accessKeyId)).toEqual(caller);
  pass(13);
  expect([identity.callerOf(accessKeyId), open().callerOf(accessKeyId)]).toEqual([undefined, undefined]);
});

test('strangers are no one, and only roles have sessions', () => {
  const identity = identities().open();
  expect(identity.callerOf('AKIASTRANGER')).toBeUndefined();
  expect(() => identity.credentialsFor('arn:aws:iam::000000000000:user/x')).toThrow('is no role ARN: expected arn:aws:iam::<account>:role/<name>');
});
