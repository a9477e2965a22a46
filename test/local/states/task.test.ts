import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../local/core/clock.ts';
import { TaskFailure, type TaskContext } from '../../../local/states/index.ts';
import { machine, run, start, task } from './harness.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('a Task', () => {
  it('shows an integration by service and operation, and .sync by what it submitted', async () => {
    const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
    const { result, events } = await run(machine({ Train: task({ Resource, Parameters: { TrainingJobName: 'a' }, TimeoutSeconds: 60 }) }), {
      invoke: (_resource, _args, { submitted }) => {
        submitted({ TrainingJobArn: 'arn' });
        return Promise.resolve({ TrainingJobStatus: 'Completed' });
      },
    });
    expect(result).toEqual({ status: 'SUCCEEDED', output: { TrainingJobStatus: 'Completed' } });
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
    ]);
    expect(events[2]?.taskScheduledEventDetails).toEqual({
      resourceType: 'sagemaker', resource: 'createTrainingJob.sync', region: 'eu-west-1', parameters: '{"TrainingJobName":"a"}', timeoutInSeconds: 60,
    });
    expect(events.map(({ previousEventId }) => previousEventId)).toEqual([0, 0, 2, 3, 4, 5, 6, 7]);
  });

  it('says TaskSubmitFailed where a .sync call itself failed', async () => {
    const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
    const { types } = await run(machine({ Train: task({ Resource }) }), { invoke: () => Promise.reject(new TaskFailure('SageMaker.SageMakerException')) });
    expect(types).toContain('TaskSubmitFailed');
  });

  it('aborts the port when its time is up', async () => {
    let signal: AbortSignal | undefined;
    const { result } = await run(machine({ Work: task({ TimeoutSeconds: 3 }) }), {
      invoke: (_resource, _args, context) => {
        signal = context.signal;
        return never();
      },
    });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(signal?.aborted).toBe(true);
  });

  it('ends with States.Runtime where the port throws anything but a TaskFailure', async () => {
    const { result } = await run(machine({ Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Work' }] }) }), {
      invoke: () => Promise.reject(new TypeError('a broken port')),
    });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(result.status === 'FAILED' && result.cause).toContain('a broken port');
  });

  it('takes the role to assume from Credentials', async () => {
    const seen: TaskContext[] = [];
    await run(machine({ Work: task({ Credentials: { 'RoleArn.$': '$.role' } }) }), {
      input: { role: 'arn:aws:iam::1:role/other' },
      invoke: (_resource, _args, context) => Promise.resolve(seen.push(context)),
    });
    expect(seen[0]?.roleArn).toBe('arn:aws:iam::1:role/other');
  });
});

describe('.waitForTaskToken', () => {
  const Resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
  const asking = (fields: Record<string, unknown> = {}): Record<string, unknown> =>
    machine({ Ask: task({ Resource, Parameters: { MessageBody: { 'token.$': '$$.Task.Token' } }, ...fields }) });

  it('gives the token to the arguments and ends with the answer', async () => {
    const answers = new Map<string, (answer: unknown) => void>();
    const { result, types } = await run(asking(), {
      waitForTaskToken: (token) => new Promise((resolve) => answers.set(token, resolve)),
      invoke: (_resource, args) => {
        const { token } = (args as { MessageBody: { token: string } }).MessageBody;
        answers.get(token)?.({ approved: true }); // before the call itself has returned
        return Promise.resolve({ MessageId: 'm' });
      },
    });
    expect(result).toEqual({ status: 'SUCCEEDED', output: { approved: true } });
    expect(types.slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });

  it('fails with SendTaskFailure', async () => {
    const { result } = await run(asking(), { invoke: () => Promise.resolve({}), waitForTaskToken: () => Promise.reject(new TaskFailure('Rejected', 'no')) });
    expect(result).toMatchObject({ status: 'FAILED', error: 'Rejected', cause: 'no' });
  });

  it('fails when the heart stops, and each heartbeat buys time', async () => {
    const clock = virtualClock(start);
    const { result, seconds } = await run(asking({ HeartbeatSeconds: 10 }), {
      clock,
      invoke: () => Promise.resolve({}),
      waitForTaskToken: async (_token, { heartbeat, signal }) => {
        for (let beat = 0; beat < 3; beat++) {
          await clock.sleep(8000, signal);
          heartbeat();
        }
        return never();
      },
    });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
    expect(seconds).toBe(34);
  });

  it('does not wait for an answer when the call fails', async () => {
    const { result } = await run(asking(), { invoke: () => Promise.reject(new TaskFailure('SQS.QueueDoesNotExist')), waitForTaskToken: never });
    expect(result).toMatchObject({ status: 'FAILED', error: 'SQS.QueueDoesNotExist' });
  });
});

describe('an execution', () => {
  const waiting = machine({ Wait: { Type: 'Wait', Seconds: 60, End: true } });

  it('ends TIMED_OUT after its own TimeoutSeconds, whatever catches', async () => {
    const states = { Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }] }), After: { Type: 'Succeed' } };
    const { result, types, seconds } = await run(machine(states, { TimeoutSeconds: 30 }), { invoke: never });
    expect(result).toMatchObject({ status: 'TIMED_OUT', resume: { state: 'Work' } });
    expect(types.at(-1)).toBe('ExecutionTimedOut');
    expect(seconds).toBe(30);
  });

  it('ends ABORTED with the reason that it was given', async () => {
    const control = new AbortController();
    const clock = virtualClock(start);
    void clock.sleep(5000).then(() => {
      control.abort({ error: 'Stopped', cause: 'by hand' });
    });
    const { result, events } = await run(waiting, { signal: control.signal, clock });
    expect(result).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand', resume: { state: 'Wait' } });
    expect(events.at(-1)).toMatchObject({ type: 'ExecutionAborted', executionAbortedEventDetails: { error: 'Stopped', cause: 'by hand' } });
  });

  it('ends at once where it was stopped before it started', async () => {
    const { result } = await run(waiting, { signal: AbortSignal.abort({}) });
    expect(result.status).toBe('ABORTED');
  });

  it('ends after 25000 events, so that a loop without an end does not run for ever', async () => {
    const { result } = await run(machine({ Loop: { Type: 'Pass', Next: 'Loop' } }));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(result.status === 'FAILED' && result.cause).toContain('25000');
  });
});
