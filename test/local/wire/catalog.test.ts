import { expect, test } from 'vitest';
import { serviceModel } from '../../../local/wire/catalog.ts';
import { requiredMembers } from '../../../local/wire/model.ts';

// What the wire layer reads are internals of the SDK: this is what it relies on of them.
test.each([
  ['s3', 'PutObject', ['PUT', '/{Key+}?x-id=PutObject', 200], ['Bucket', 'Key'], 'NoSuchKey', 404],
  ['lambda', 'Invoke', ['POST', '/2015-03-31/functions/{FunctionName}/invocations', 200], ['FunctionName'], 'ResourceNotFoundException', 404],
  ['sns', 'Publish', undefined, ['Message'], 'NotFoundException', 404],
  ['sqs', 'SendMessage', undefined, ['QueueUrl', 'MessageBody'], 'QueueDoesNotExist', 400],
  ['states', 'StartExecution', undefined, ['stateMachineArn'], 'ExecutionAlreadyExists', undefined],
  ['sagemaker', 'CreateTrainingJob', undefined, ['TrainingJobName', 'RoleArn', 'OutputDataConfig'], 'ResourceLimitExceeded', undefined],
] as const)('the model of %s holds its operations, bindings, required members and errors', (service, name, http, required, error, status) => {
  const model = serviceModel(service)!;
  const operation = model.operations.get(name)!;
  expect(operation.http).toEqual(http);
  expect(requiredMembers(operation.input)).toEqual(expect.arrayContaining([...required]));
  expect(model.errors.get(error)).toMatchObject({ name: error, ...(status !== undefined && { status }) });
});

test('an error is found by its awsQuery code too', () => {
  expect(serviceModel('sqs')!.errors.get('AWS.SimpleQueueService.NonExistentQueue')?.name).toBe('QueueDoesNotExist');
});

test('services that the laptop does not know have no model', () => {
  expect([serviceModel('dynamodb'), serviceModel('constructor')]).toEqual([undefined, undefined]);
});
