import { expect, test } from 'vitest';
import { failureMessage, successMessage } from '../../../lambda/notify/message.ts';
import { executionLink } from '../../../lambda/shared/message.ts';
import { originalError } from '../../../lambda/notify/original-error.ts';
import { reasonOf } from '../../../lambda/shared/reason.ts';

const context = { pipeline: 'flights', run: 'run-1', executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:m:run-1', reports: 's3://artifacts/reports/flights/run-1/' };

test('the reason is the sentence inside the cause', () => {
  expect(reasonOf({ error: 'DataRejected', cause: JSON.stringify({ errorType: 'DataRejected', errorMessage: 'Too few rows.', trace: [] }) })).toBe('Too few rows.');
  expect(reasonOf({ error: 'States.TaskFailed', cause: JSON.stringify({ TrainingJobName: 'j', FailureReason: 'AlgorithmError: no data' }) })).toBe('AlgorithmError: no data');
  expect(reasonOf({ error: 'GateNotMet', cause: 'auc 0.7381 is not above 0.99' })).toBe('auc 0.7381 is not above 0.99');
  expect(reasonOf({ error: 'X', cause: '{broken' })).toBe('{broken');
  expect(reasonOf({ error: 'States.Timeout' })).toBe('States.Timeout (no cause was given)');
  expect(reasonOf({ error: 'X', cause: 'y'.repeat(100_000) }).length).toBeLessThan(10_000);
});

test('the run fails with the very error that was told', () => {
  const error = originalError({ state: 'CheckPerformance', error: 'GateNotMet', cause: 'auc 0.7381 is not above 0.99', redriveCount: 0 });
  expect(error).toMatchObject({ name: 'GateNotMet', message: 'auc 0.7381 is not above 0.99', stack: 'GateNotMet: in state CheckPerformance' });
});

test('a failure tells what, where, why, and how to go on', () => {
  const { subject, text, attributes } = failureMessage(context, { state: 'CheckPerformance', error: 'GateNotMet', cause: 'auc 0.7381 is not above 0.99', redriveCount: 0 });
  expect(subject).toBe('flights: GateNotMet: auc 0.7381 is not above 0.99');
  for (const part of ['auc 0.7381 is not above 0.99', 'CheckPerformance', context.reports, executionLink(context.executionArn)]) expect(text).toContain(part);
  expect(JSON.parse(text.split('\n').at(-1) ?? '')).toMatchObject({ status: 'FAILED', state: 'CheckPerformance', error: 'GateNotMet' });
  expect(attributes).toMatchObject({ status: 'FAILED', pipeline: 'flights' });
});

test.each(['DataRejected', 'GateNotMet', 'TrainingStopped', 'InvalidRunName'])('a redrive is not suggested where it would find the same: %s', (error) => {
  expect(failureMessage(context, { state: 'ValidateData', error, cause: 'because', redriveCount: 0 }).text).not.toContain('redrive-execution');
});

test('a redrive is suggested where the reason can go away', () => {
  const { text } = failureMessage(context, { state: 'DeployModel', error: 'AccessDenied', cause: 'because', redriveCount: 0 });
  expect(text).toContain(`redrive-execution --execution-arn ${context.executionArn} --region eu-west-1`);
});

test('a subject spends nothing on the name of a bucket', () => {
  const { subject } = failureMessage(context, { state: 'ValidateData', error: 'DataRejected', cause: 's3://a-bucket/raw/flights/may.csv is refused for one reason: it is empty.', redriveCount: 0 });
  expect(subject).toBe('flights: DataRejected: raw/flights/may.csv is refused for one reason: it is empty.');
});

test('a subject is what SNS takes', () => {
  const { subject } = failureMessage(context, { state: 'ValidateData', error: 'DataRejected', cause: `Spalte „größe“\nfehlt ${'x'.repeat(300)}`, redriveCount: 0 });
  expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  expect(subject).toContain('groe'.slice(0, 3));
});

test('a success tells the gates, the metrics, the package and the report', () => {
  const success = {
    kind: 'success' as const, run: { name: 'run-1', executionArn: context.executionArn }, rows: 3_000_000, trainer: 'slipway-histogram 0.1.0', metrics: { auc: 0.738123, f1: null },
    gates: [{ metric: 'auc', comparison: 'above' as const, threshold: 0.72, value: 0.738123, passed: true }],
    modelPackageArn: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/flights/2', modelName: 'flights', modelVersion: '2', sha256: 'a'.repeat(64), endpointUrl: 'https://api', report: 's3://artifacts/reports/flights/run-1/report.html',
  };
  const { subject, text } = successMessage(context, success);
  expect(subject).toBe('flights: version 2 is served');
  for (const part of ['auc 0.7381 is above 0.72', 'f1 not defined', success.modelPackageArn, success.sha256, success.report, 'https://api']) expect(text).toContain(part);
});

test('the console is that of the partition', () => {
  expect(executionLink('arn:aws:states:eu-west-1:1:execution:m:r')).toBe('https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:1:execution:m:r');
  expect(executionLink('arn:aws-cn:states:cn-north-1:1:execution:m:r')).toContain('cn-north-1.console.amazonaws.cn/');
});
