import { CloudWatchClient, LimitExceededException, DescribeAlarmsCommand, GetDashboardCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, NotFoundException, PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DescribeExecutionCommand, ExecutionDoesNotExist, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { expect, test } from 'vitest';
import type { Operation } from '../../../local/core/call.ts';
import { AwsError } from '../../../local/core/errors.ts';
import { wireServer } from '../support/wire.ts';

/** Remembers what an operation was given. */
function recording(output: Record<string, unknown> = {}): Operation & { inputs: unknown[] } {
  const inputs: unknown[] = [];
  return Object.assign((input: unknown) => (inputs.push(input), output), { inputs });
}

const at = new Date('2026-11-20T12:00:00.000Z');

test('awsJson: structures and times both ways, a modelled error as its class', async () => {
  const list = recording({ executions: [{ executionArn: 'arn', name: 'run', status: 'RUNNING', startDate: at, stateMachineArn: 'machine' }] });
  const { client } = await wireServer([
    { name: 'states', operations: { ListExecutions: list, DescribeExecution: () => { throw new AwsError('ExecutionDoesNotExist', 'Execution Does Not Exist: x'); } } },
  ]);
  const states = new SFNClient(client);
  const answer = await states.send(new ListExecutionsCommand({ stateMachineArn: 'machine', maxResults: 5 }));
  expect(list.inputs).toEqual([{ stateMachineArn: 'machine', maxResults: 5 }]);
  expect(answer.executions).toEqual([{ executionArn: 'arn', name: 'run', status: 'RUNNING', startDate: at, stateMachineArn: 'machine' }]);

  const failure = await states.send(new DescribeExecutionCommand({ executionArn: 'x' })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ExecutionDoesNotExist);
  expect(failure).toMatchObject({ name: 'ExecutionDoesNotExist', message: 'Execution Does Not Exist: x', $metadata: { httpStatusCode: 400 } });
});

test('awsJson of a service that once spoke awsQuery: the older code travels in a header', async () => {
  const { client } = await wireServer([{ name: 'sqs', operations: { GetQueueUrl: () => { throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.'); } } }]);
  const failure = await new SQSClient(client).send(new GetQueueUrlCommand({ QueueName: 'none' })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(QueueDoesNotExist);
  expect(failure).toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' });
});

test('awsQuery: lists, maps, blobs and nested structures from form parameters, XML back', async () => {
  const create = recording({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:a&b<c>' });
  const publish = recording({ MessageId: 'm-1' });
  const batch = recording({ Successful: [{ Id: '1', MessageId: 'm-1' }, { Id: '2', MessageId: 'm-2' }], Failed: [] });
  const { client } = await wireServer([{ name: 'sns', operations: { CreateTopic: create, Publish: publish, PublishBatch: batch } }]);
  const sns = new SNSClient(client);

  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't', Attributes: { FifoTopic: 'true', 'a.b': 'c=d&e' }, Tags: [{ Key: 'k', Value: 'v' }] }));
  expect(TopicArn).toBe('arn:aws:sns:us-east-1:000000000000:a&b<c>');
  expect(create.inputs).toEqual([{ Name: 't', Attributes: { FifoTopic: 'true', 'a.b': 'c=d&e' }, Tags: [{ Key: 'k', Value: 'v' }] }]);

  const MessageAttributes = { first: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) }, second: { DataType: 'String', StringValue: 'ü + %' } };
  await sns.send(new PublishCommand({ TopicArn: 'topic', Message: 'line\n"two"', MessageAttributes }));
  expect(publish.inputs).toEqual([{ TopicArn: 'topic', Message: 'line\n"two"', MessageAttributes }]);

  const many = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), Message: `m${index}` }));
  const sent = await sns.send(new PublishBatchCommand({ TopicArn: 'topic', PublishBatchRequestEntries: many }));
  expect(batch.inputs).toEqual([{ TopicArn: 'topic', PublishBatchRequestEntries: many }]);
  expect(sent.Successful).toHaveLength(2);
});

test('awsQuery: a modelled error keeps its code and status', async () => {
  const { client } = await wireServer([{ name: 'sns', operations: { Publish: () => { throw new AwsError('NotFoundException', 'Topic does not exist'); } } }]);
  const failure = await new SNSClient(client).send(new PublishCommand({ TopicArn: 'none', Message: 'x' })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NotFoundException);
  expect(failure).toMatchObject({ message: 'Topic does not exist', Code: 'NotFound', $metadata: { httpStatusCode: 404 } });
});

test('restJson: labels, query, headers and a blob payload both ways', async () => {
  const invoke = recording({ StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: 'Unhandled', Payload: Buffer.from('{"ok":false}') });
  const list = recording({ Functions: [{ FunctionName: 'f', CodeSize: 12 }] });
  const { client } = await wireServer([{ name: 'lambda', operations: { Invoke: invoke, ListFunctions: list } }]);
  const lambda = new LambdaClient(client);
  const FunctionName = 'arn:aws:lambda:us-east-1:000000000000:function:f';

  const answer = await lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live', InvocationType: 'RequestResponse', Payload: Buffer.from('{"a":1}') }));
  expect(invoke.inputs).toEqual([{ FunctionName, Qualifier: 'live', InvocationType: 'RequestResponse', Payload: Buffer.from('{"a":1}') }]);
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST' });
  expect(answer.Payload!.transformToString()).toBe('{"ok":false}');

  const { Functions } = await lambda.send(new ListFunctionsCommand({ MaxItems: 3 }));
  expect(list.inputs).toEqual([{ MaxItems: 3 }]);
  expect(Functions).toEqual([{ FunctionName: 'f', CodeSize: 12 }]);
});

test('restJson: a modelled error with its own members and status', async () => {
  const { client } = await wireServer([{ name: 'lambda', operations: { GetFunction: () => { throw new AwsError('ResourceNotFoundException', 'Function not found: f', 404, { Type: 'User' }); } } }]);
  const failure = await new LambdaClient(client).send(new GetFunctionCommand({ FunctionName: 'f' })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ResourceNotFoundException);
  expect(failure).toMatchObject({ message: 'Function not found: f', Type: 'User', $metadata: { httpStatusCode: 404 } });
});

test('rpcv2Cbor: numbers, times and lists both ways, errors by their shape', async () => {
  const statistics = recording({ Label: 'm', Datapoints: [{ Timestamp: at, Average: 0.1, Unit: 'None' }] });
  const alarms = recording({ MetricAlarms: [] });
  const { client } = await wireServer([
    { name: 'monitoring', operations: { GetMetricStatistics: statistics, DescribeAlarms: alarms, GetDashboard: () => { throw new AwsError('LimitExceededException', 'Too many dashboards'); } } },
  ]);
  const cloudwatch = new CloudWatchClient({ ...client, protocol: AwsSmithyRpcV2CborProtocol });
  const input = { Namespace: 'n', MetricName: 'm', StartTime: at, EndTime: at, Period: 60, Statistics: ['Average' as const] };
  expect((await cloudwatch.send(new GetMetricStatisticsCommand(input))).Datapoints).toEqual([{ Timestamp: at, Average: 0.1, Unit: 'None' }]);
  expect(statistics.inputs).toEqual([input]);
  await cloudwatch.send(new DescribeAlarmsCommand({}));
  expect(alarms.inputs).toEqual([{}]);
  const failure = await cloudwatch.send(new GetDashboardCommand({ DashboardName: 'd' })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LimitExceededException);
  expect(failure).toMatchObject({ message: 'Too many dashboards', $metadata: { httpStatusCode: 400 } });
});

test('what is not served says so by its name, whatever the protocol', async () => {
  const { client } = await wireServer([{ name: 'sns', operations: {} }]);
  const expectation = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
  await expect(new SNSClient(client).send(new CreateTopicCommand({ Name: 't' }))).rejects.toMatchObject({ ...expectation, message: 'sns:CreateTopic is not served on the laptop.' });
  await expect(new LambdaClient(client).send(new ListFunctionsCommand({}))).rejects.toMatchObject({ ...expectation, message: 'lambda:ListFunctions is not served on the laptop.' });
  await expect(new CloudWatchClient({ ...client, protocol: AwsSmithyRpcV2CborProtocol }).send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({ ...expectation, message: 'monitoring:DescribeAlarms is not served on the laptop.' });
  await expect(new SFNClient({ ...client }).send(new ListExecutionsCommand({}))).rejects.toMatchObject({ ...expectation, message: 'states:ListExecutions is not served on the laptop.' });
});

test('a fault of ours is a 500 without its inner workings, and is reported', async () => {
  const { client, faults } = await wireServer([{ name: 'states', operations: { ListExecutions: () => { throw new TypeError('secret detail'); } } }]);
  const failure = await new SFNClient(client).send(new ListExecutionsCommand({})).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  expect(String(failure)).not.toContain('secret detail');
  expect(faults).toEqual([new TypeError('secret detail')]);
});
