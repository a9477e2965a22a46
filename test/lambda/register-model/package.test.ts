import { expect, test } from 'vitest';
import { clientToken, modelPackage } from '../../../lambda/register-model/package.ts';
import { versionOf } from '../../../lambda/shared/model-package.ts';
import type { Registration } from '../../../lambda/register-model/payload.ts';

const registration: Registration = {
  run: { name: 'run-1', executionArn: 'arn:aws:states:us-east-1:123456789012:execution:m:run-1', startedAt: '2026-11-20T12:00:00Z' },
  artifact: { bucket: 'artifacts', key: 'models/flights/run-1/model.tar.gz', versionId: 'v1', sha256: 'a'.repeat(64), bytes: 1000 },
  trainer: 'slipway-histogram 0.1.0',
  task: 'binary',
  classes: 0,
  evaluation: {
    metrics: { auc: 0.7381, f1: null },
    gates: [{ metric: 'auc', comparison: 'above', threshold: 0.72, value: 0.7381, passed: true }],
    passed: true,
    summary: 'auc 0.7381 is above 0.72',
    evaluation: 's3://artifacts/reports/flights/run-1/evaluation.json',
    report: 's3://artifacts/reports/flights/run-1/report.html',
  },
  dataset: { bucket: 'data', key: 'raw/flights/march (1), new.parquet', versionId: 'd1', sha256: 'b'.repeat(64) },
  split: { kind: 'rowHash', unplacedRows: 0 },
  statistics: 's3://artifacts/reports/flights/run-1/statistics.json',
  constraints: 's3://artifacts/reports/flights/run-1/constraints.json',
  trainingJob: { name: 'job', arn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/job', image: 'image:3.0-5', hyperParameters: { num_round: '100' } },
};

test('the package names the artifact, the metrics and where it comes from', () => {
  const request = modelPackage('flights', 'group', registration);
  expect(request).toMatchObject({
    ModelPackageGroupName: 'group',
    ModelApprovalStatus: 'Approved',
    SourceUri: 's3://artifacts/models/flights/run-1/model.tar.gz',
    ModelMetrics: { ModelQuality: { Statistics: { S3Uri: registration.evaluation.evaluation } } },
    CustomerMetadataProperties: { artifactSha256: 'a'.repeat(64), 'metric.auc': '0.7381', 'gate.auc': 'above 0.72', datasetSha256: 'b'.repeat(64), 'hyperparameter.num_round': '100', trainedAt: '2026-11-20T12:00:00Z' },
  });
  expect(request.CustomerMetadataProperties).not.toHaveProperty('metric.f1');
  // SageMaker takes either of the two, and refuses tags beside a group.
  expect(request).not.toHaveProperty('InferenceSpecification');
  expect(request).not.toHaveProperty('Tags');
});

test('the package says what was held out, in the letters that SageMaker takes', () => {
  expect(modelPackage('flights', 'group', registration).CustomerMetadataProperties).toMatchObject({ split: 'by row hash' });
  const times = { train: { from: '2001-01-01T00:01:00', to: '2001-03-01T00:00:00' }, validation: { from: '2001-03-01T00:05:00', to: '2001-03-10T00:00:00' }, test: { from: '2001-03-10T00:01:00', to: '2001-03-31T23:59:00' } };
  expect(modelPackage('flights', 'group', { ...registration, split: { kind: 'time', column: 'date', unplacedRows: 3, times } }).CustomerMetadataProperties).toMatchObject({
    split: 'by time: date / training from 2001-01-01T00:01:00 / validation from 2001-03-01T00:05:00 / test from 2001-03-10T00:01:00 to 2001-03-31T23:59:00',
  });
});

test('the package says what the model was made for, and of how many classes', () => {
  expect(modelPackage('flights', 'group', registration).CustomerMetadataProperties).toMatchObject({ task: 'binary' });
  expect(modelPackage('flights', 'group', registration).CustomerMetadataProperties).not.toHaveProperty('classes');
  expect(modelPackage('penguins', 'group', { ...registration, task: 'multiclass', classes: 3 }).CustomerMetadataProperties).toMatchObject({ task: 'multiclass', classes: '3' });
});

test('the metadata stays within what SageMaker takes, and keeps the digest', () => {
  const hyperParameters = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`p${String(index)}`, 'x'.repeat(1000)]));
  const metadata = modelPackage('flights', 'group', { ...registration, trainingJob: { ...registration.trainingJob, hyperParameters } }).CustomerMetadataProperties ?? {};
  expect(Object.keys(metadata)).toHaveLength(50);
  expect(metadata['artifactSha256']).toBe('a'.repeat(64));
  for (const value of Object.values(metadata)) expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
  expect(metadata['dataset']).toBe('s3://data/raw/flights/march _1__ new.parquet');
});

test('the same run is the same request, another run another token', () => {
  expect(modelPackage('flights', 'group', registration)).toEqual(modelPackage('flights', 'group', registration));
  const tokens = [clientToken('flights', 'a'), clientToken('flights', 'b'), clientToken('trips', 'a')];
  expect(new Set(tokens).size).toBe(3);
  for (const token of tokens) expect(token).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
});

test("the version is the ARN's last part", () => {
  expect(versionOf('arn:aws:sagemaker:us-east-1:123456789012:model-package/group/12')).toBe('12');
  expect(() => versionOf('arn:aws:sagemaker:us-east-1:123456789012:model-package/unversioned')).toThrow('has no version');
});
