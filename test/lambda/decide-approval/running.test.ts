import { afterEach, expect, test, vi } from 'vitest';
import { isRunning } from '../../../lambda/decide-approval/running.ts';
import { sfn } from '../../../lambda/shared/clients/sfn.ts';

const arn = 'arn:aws:states:us-east-1:000000000000:execution:pipeline:run';
const answer = (send: () => Promise<unknown>): void => void vi.spyOn(sfn, 'send').mockImplementation(send as never);

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([['RUNNING', true], ['SUCCEEDED', false], ['TIMED_OUT', false]])('a run that is %s is under way: %s', async (status, expected) => {
  answer(() => Promise.resolve({ status }));
  expect(await isRunning(arn)).toBe(expected);
});

test.each(['ExecutionDoesNotExist', 'AccessDeniedException'])('a run of before, which answers %s, is not', async (name) => {
  answer(() => Promise.reject(Object.assign(new Error('no'), { name })));
  expect(await isRunning(arn)).toBe(false);
});

test('what keeps Step Functions from telling is an error', async () => {
  answer(() => Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' })));
  await expect(isRunning(arn)).rejects.toThrow('slow down');
});
