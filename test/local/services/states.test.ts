import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/core/errors.ts';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { createStates } from '../../../local/services/states/index.ts';
import { fastClock, openBench, role } from './harness.ts';
import type { Bench, BenchOptions } from './harness.ts';

let bench: Bench;
let sfn: SFNClient;
let news: Record<string, unknown>[];
let calls: { operation: string; input: Record<string, unknown>; caller: string }[];
let jobStatus: string[];

const options = (): BenchOptions => {
  const log = (operation: string, answer: (input: Record<string, unknown>) => Record<string, unknown>) => (input: Record<string, unknown>, { caller }: { caller: { arn: string } }) => {
    calls.push({ operation, input, caller: caller.arn });
    return answer(input);
  };
  return {
    modules: [createLambda, createStates],
    services: [
      {
        name: 'events',
        operations: {
          PutEvents({ Entries }: { Entries: { Detail: string; DetailType: string }[] }) {
            news.push(...Entries.map(({ Detail, DetailType }) => ({ type: DetailType, ...(JSON.parse(Detail) as object) })));
            return {};
          },
        },
      },
      { name: 'sns', operations: { Publish: log('Publish', () => ({ MessageId: 'm-1' })) } },
      {
        name: 's3',
        operations: {
          GetObject: log('GetObject', () => {
            throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
          }),
          PutObject: log('PutObject', ({ IfMatch }) => {
            if (IfMatch !== undefined) throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
            return { ETag: '"e"', VersionId: 'v1' };
          }),
        },
      },
      {
        name: 'sagemaker',
        operations: {
          CreateTrainingJob: log('CreateTrainingJob', () => ({ TrainingJobArn: 'arn:job' })),
          DescribeTrainingJob: log('DescribeTrainingJob', ({ TrainingJobName }) => ({ TrainingJobName, TrainingJobStatus: jobStatus.length > 1 ? jobStatus.shift() : jobStatus[0], CreationTime: new Date(1000) })),
          StopTrainingJob: log('StopTrainingJob', () => ({})),
        },
      },
    ],
    clock: fastClock(),
  };
};

beforeEach(async () => {
  [news, calls, jobStatus] = [[], [], ['Completed']];
  bench = await openBench(options());
  sfn = new SFNClient(bench.client);
});

afterEach(async () => {
  sfn.destroy();
  await bench.close();
});

const machine = async (states: Record<string, object>, more: object = {}): Promise<string> => {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
  const { physicalId } = await bench.provision('AWS::StepFunctions::StateMachine', 'Machine', { DefinitionString: JSON.stringify(definition), RoleArn: role });
  return physicalId;
};

const start = async (stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> => {
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), ...(name === undefined ? {} : { name }) }));
  return executionArn ?? '';
};

const ended = async (executionArn: string): Promise<DescribeExecutionCommandOutput> => {
  let answer: DescribeExecutionCommandOutput | undefined;
  await expect.poll(async () => (answer = await sfn.send(new DescribeExecutionCommand({ executionArn }))).status, { interval: 5, timeout: 5000 }).not.toBe('RUNNING');
  if (answer === undefined) throw new Error('unreachable');
  return answer;
};

const run = async (states: Record<string, object>, input: unknown = {}): Promise<DescribeExecutionCommandOutput> => ended(await start(await machine(states), input));

const task = (resource: string, args: object, more: object = {}): object => ({ Type: 'Task', Resource: resource.startsWith('arn:') ? resource : `arn:aws:states:::${resource}`, Arguments: args, End: true, ...more });

const lambdaFunction = (logicalId: string, body: string, more: object = {}): Promise<unknown> =>
  bench.provision('AWS::Lambda::Function', logicalId, {
    Code: { ZipFile: `exports.handler = async (event) => { ${body} };` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: role,
    ...more,
  });

describe('executions', () => {
  it('run, are described, listed, and tell the event bus', async () => {
    const arn = await machine({ Add: { Type: 'Pass', Output: { sum: '{% $states.input.a + $states.input.b %}' }, End: true } });
    const executionArn = await start(arn, { a: 1, b: 2 }, 'first');
    expect(executionArn).toBe('arn:aws:states:us-east-1:000000000000:execution:Test-Machine:first');
    const answer = await ended(executionArn);
    expect(answer).toMatchObject({ status: 'SUCCEEDED', output: '{"sum":3}', input: '{"a":1,"b":2}', name: 'first', redriveStatus: 'NOT_REDRIVABLE' });
    expect(answer.stopDate).toBeInstanceOf(Date);
    expect((await sfn.send(new ListExecutionsCommand({ stateMachineArn: arn, statusFilter: 'SUCCEEDED' }))).executions).toHaveLength(1);
    expect(news).toMatchObject([
      { type: 'Step Functions Execution Status Change', status: 'RUNNING', stopDate: null },
      { status: 'SUCCEEDED', output: '{"sum":3}', executionArn },
    ]);
  });

  it('start once for one name and input', async () => {
    const arn = await machine({ Wait: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish.waitForTaskToken', Arguments: { TopicArn: 't', Message: '{% $states.context.Task.Token %}' }, End: true } });
    const first = await start(arn, { n: 1 }, 'same');
    expect(await start(arn, { n: 1 }, 'same')).toBe(first);
    await expect(start(arn, { n: 2 }, 'same')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await sfn.send(new StopExecutionCommand({ executionArn: first, error: 'Enough', cause: 'of it' }));
    expect(await ended(first)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'of it' });
    await expect(start(arn, { n: 1 }, 'same')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('refuse what AWS refuses', async () => {
    const arn = await machine({ End: { Type: 'Succeed' } });
    await expect(start(`${arn}x`)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(start(arn, {}, 'a b')).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(sfn.send(new StartExecutionCommand({ stateMachineArn: arn, input: '{' }))).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(sfn.send(new DescribeExecutionCommand({ executionArn: 'arn:aws:states:us-east-1:000000000000:execution:Test-Machine:absent' }))).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
    await expect(machine({ Bad: { Type: 'Pass', Next: 'Nowhere' } })).rejects.toThrow('Nowhere');
  });

  it('page their history forwards and backwards, with or without data', async () => {
    const executionArn = await start(await machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', End: true } }), { secret: 1 });
    await ended(executionArn);
    const read = async (reverseOrder: boolean): Promise<(number | undefined)[]> => {
      const ids: (number | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 4, reverseOrder, nextToken }));
        ids.push(...(page.events ?? []).map(({ id }) => id));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return ids;
    };
    expect(await read(false)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await read(true)).toEqual([6, 5, 4, 3, 2, 1]);
    const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events?.[0]?.timestamp).toBeInstanceOf(Date);
  });
});

describe('tasks', () => {
  it('invoke functions in both ways, with any payload', async () => {
    await lambdaFunction('Echo', 'return { got: event };');
    const optimized = await run({ Go: task('lambda:invoke', { FunctionName: 'Test-Echo', Payload: 'text' }, { Output: '{% $states.result %}' }) });
    expect(JSON.parse(optimized.output ?? '')).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: { got: 'text' } });
    const plain = await run({ Go: task('arn:aws:lambda:us-east-1:000000000000:function:Test-Echo', { n: 1 }) });
    expect(JSON.parse(plain.output ?? '')).toEqual({ got: { n: 1 } });
  });

  it('fail with the name that the function threw, or that Lambda gave', async () => {
    await lambdaFunction('Fails', 'class DataRejected extends Error { name = "DataRejected" } throw new DataRejected("both reasons");');
    await lambdaFunction('Hangs', 'await new Promise((r) => setTimeout(r, 60000));', { Timeout: 1 });
    const failed = await run({ Go: task('lambda:invoke', { FunctionName: 'Test-Fails' }) });
    expect(failed).toMatchObject({ status: 'FAILED', error: 'DataRejected' });
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ errorType: 'DataRejected', errorMessage: 'both reasons' });
    expect(await run({ Go: task('lambda:invoke', { FunctionName: 'Test-Hangs' }) })).toMatchObject({ error: 'Sandbox.Timedout' });
    expect(await run({ Go: task('lambda:invoke', { FunctionName: 'absent' }) })).toMatchObject({
      error: 'Lambda.ResourceNotFoundException',
      cause: expect.stringContaining('(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException;'),
    });
  });

  it('call any API under the role of the state machine', async () => {
    const put = await run({ Go: task('aws-sdk:s3:putObject', { Bucket: 'b', Key: 'k', Body: { a: [1] }, ContentType: 'application/json' }) }, {});
    expect(JSON.parse(put.output ?? '')).toEqual({ ETag: '"e"', VersionId: 'v1' });
    expect(calls[0]).toMatchObject({ operation: 'PutObject', input: { Bucket: 'b', Key: 'k' }, caller: expect.stringMatching(/assumed-role\/tester\//) });
    expect(Buffer.from(calls[0]?.input['Body'] as Uint8Array).toString()).toBe('{"a":[1]}');
    expect(await run({ Go: task('aws-sdk:s3:getObject', { Bucket: 'b', Key: 'k' }) })).toMatchObject({ error: 'S3.NoSuchKeyException', cause: expect.stringContaining('(Service: S3, Status Code: 404, Request ID: ') });
    expect(await run({ Go: task('aws-sdk:s3:putObject', { Bucket: 'b', Key: 'k', IfMatch: 'x' }) })).toMatchObject({ error: 'S3.S3Exception' });
    expect(await run({ Go: task('aws-sdk:s3:putObject', { bucket: 'b' }) })).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining("'bucket' is not supported") });
  });

  it('wait for training jobs, and stop them when the execution is stopped', async () => {
    jobStatus = ['InProgress', 'InProgress', 'Completed'];
    const args = { TrainingJobName: 'job', AlgorithmSpecification: { TrainingImage: 'i', TrainingInputMode: 'File' } };
    const done = await run({ Train: task('sagemaker:createTrainingJob.sync', args) });
    expect(JSON.parse(done.output ?? '')).toEqual({ TrainingJobName: 'job', TrainingJobStatus: 'Completed', CreationTime: 1000 });
    jobStatus = ['Failed'];
    const failed = await run({ Train: task('sagemaker:createTrainingJob.sync', args) });
    expect(failed).toMatchObject({ error: 'States.TaskFailed' });
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ TrainingJobStatus: 'Failed' });
    jobStatus = ['InProgress'];
    const executionArn = await start(await machine({ Train: task('sagemaker:createTrainingJob.sync', args) }));
    await expect.poll(() => calls.at(-1)?.operation).toBe('DescribeTrainingJob');
    await sfn.send(new StopExecutionCommand({ executionArn }));
    await expect.poll(() => calls.some(({ operation }) => operation === 'StopTrainingJob')).toBe(true);
  });

  it('start executions and wait for them', async () => {
    const child = await bench.provision('AWS::StepFunctions::StateMachine', 'Child', { DefinitionString: JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }), RoleArn: role });
    const answer = await run({ Go: task('states:startExecution.sync:2', { StateMachineArn: child.physicalId, Input: { a: 1 } }) });
    expect(JSON.parse(answer.output ?? '')).toMatchObject({ Status: 'SUCCEEDED', Input: { a: 1 }, Output: { a: 1 } });
  });

  it('wait for whoever holds the token', async () => {
    const executionArn = await start(await machine({ Ask: task('sns:publish.waitForTaskToken', { TopicArn: 't', Message: '{% $states.context.Task.Token %}' }) }));
    await expect.poll(() => calls.length).toBe(1);
    const taskToken = calls[0]?.input['Message'] as string;
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));
    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"approved":true}' });
    await expect(sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await expect(sfn.send(new SendTaskSuccessCommand({ taskToken: 'none', output: '{}' }))).rejects.toMatchObject({ name: 'InvalidToken' });
  });
});

describe('redrive', () => {
  it('continues at the state that failed, with its variables', async () => {
    jobStatus = ['Failed'];
    const executionArn = await start(
      await machine({
        Remember: { Type: 'Pass', Assign: { kept: '{% $states.input.n %}' }, Next: 'Train' },
        Train: { ...task('sagemaker:createTrainingJob.sync', { TrainingJobName: 'job' }, { Next: 'Tell' }), End: undefined },
        Tell: { Type: 'Pass', Output: '{% {"kept": $kept, "redrives": $states.context.Execution.RedriveCount} %}', End: true },
      }),
      { n: 7 },
    );
    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', redriveStatus: 'REDRIVABLE' });
    jobStatus = ['Completed'];
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"kept":7,"redrives":1}', redriveCount: 1 });
    await expect(sfn.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
    const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.map(({ type }) => type)).toContain('ExecutionRedriven');
    expect(events?.map(({ id }) => id)).toEqual(events?.map((_, index) => index + 1));
  });

  it('continues what the laptop left when it was killed', async () => {
    jobStatus = ['InProgress'];
    const states = {
      Remember: { Type: 'Pass', Assign: { kept: '{% $states.input.n %}' }, Next: 'Train' },
      Train: { ...task('sagemaker:createTrainingJob.sync', { TrainingJobName: 'job' }), Output: '{% $kept %}' },
    };
    const executionArn = await start(await machine(states), { n: 7 });
    await expect.poll(() => calls.some(({ operation }) => operation === 'DescribeTrainingJob')).toBe(true);
    const { stateDirectory } = bench.context;
    await bench.close({ keep: true });

    bench = await openBench({ ...options(), stateDirectory });
    sfn = new SFNClient(bench.client);
    await machine(states);
    await bench.ready();
    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining("while the state 'Train' was at work") });
    expect(news.at(-1)).toMatchObject({ status: 'FAILED', executionArn });
    jobStatus = ['Completed'];
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '7' });
  });
});
