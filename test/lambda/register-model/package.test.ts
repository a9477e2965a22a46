import { expect, test } from 'vitest';
import { lineageOf } from '../../../lambda/register-model/lineage.ts';
import { clientToken } from '../../../lambda/register-model/package.ts';
import { sha256 } from '../../../lambda/shared/digest.ts';
import { versionOf } from '../../../model/spec/model-package.ts';
import { digests, register, registration } from './registration.ts';

test('the package names the artifact, the metrics with their digests, and where it comes from', () => {
  const { request } = register('flights');
  const statistics = { ContentType: 'application/json', S3Uri: registration.statistics, ContentDigest: `sha256:${'d'.repeat(64)}` };
  const evaluation = { ContentType: 'application/json', S3Uri: registration.evaluation.evaluation, ContentDigest: `sha256:${'c'.repeat(64)}` };
  expect(request).toMatchObject({
    ModelPackageGroupName: 'group',
    ModelApprovalStatus: 'Approved',
    SourceUri: 's3://artifacts/models/flights/run-1/model.tar.gz',
    ModelMetrics: { ModelQuality: { Statistics: evaluation }, ModelDataQuality: { Statistics: statistics, Constraints: { ContentDigest: `sha256:${'e'.repeat(64)}` } } },
    DriftCheckBaselines: { ModelQuality: { Statistics: evaluation }, ModelDataQuality: { Statistics: statistics } },
    CustomerMetadataProperties: {
      artifactSha256: 'a'.repeat(64), 'metric.auc': '0.7381', 'gate.auc': 'above 0.72', 'hyperparameter.num_round': '100', trainedAt: '2026-11-20T12:00:00Z',
      datasetSha256: 'b'.repeat(64), datasetVersionId: 'd1', datasetRows: '3000', split: 'by row hash', splitRows: '2400/290/310', gitCommit: '0123abc',
      featuresSha256: sha256(JSON.stringify(registration.features)), lineage: 's3://artifacts/reports/flights/run-1/lineage.json', lineageSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    },
  });
  expect(request.CustomerMetadataProperties).not.toHaveProperty('metric.f1');
  expect(request.CustomerMetadataProperties).not.toHaveProperty('trainingImageDigest');
  // SageMaker takes either of the two, and refuses tags beside a group.
  expect(request).not.toHaveProperty('InferenceSpecification');
  expect(request).not.toHaveProperty('Tags');
});

test('without a revision none is said; an image that is named by its digest gives it', () => {
  const image = `registry/xgboost@sha256:${'1'.repeat(64)}`;
  const { request, lineage } = register('flights', { declared: { card: {} }, trainingJob: { ...registration.trainingJob, image } });
  expect(request.CustomerMetadataProperties).not.toHaveProperty('gitCommit');
  expect(request.CustomerMetadataProperties).toMatchObject({ trainingImageDigest: `sha256:${'1'.repeat(64)}` });
  expect(lineage.training.imageDigest).toBe(`sha256:${'1'.repeat(64)}`);
  expect(lineage).not.toHaveProperty('revision');
});

test('the package names the tuning of which the model is the best, and the lineage what it was the best in', () => {
  const tuning = { name: 'tune-1', arn: 'arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/tune-1', trials: 20, objective: { metric: 'validation:logloss', type: 'Minimize' as const, value: 0.31 } };
  const { request, lineage } = register('flights', { trainingJob: { ...registration.trainingJob, tuning } });
  expect(request.CustomerMetadataProperties).toMatchObject({ tuningJobArn: tuning.arn, tuningTrials: '20' });
  expect(lineage.training.tuning).toEqual({ name: 'tune-1', arn: tuning.arn, trials: 20, objective: { metric: 'validation:logloss', value: 0.31 } });
  expect(register('flights').lineage.training).not.toHaveProperty('tuning');
});

test('the package says what was held out, in the letters that SageMaker takes', () => {
  const times = { train: { from: '2001-01-01T00:01:00', to: '2001-03-01T00:00:00' }, validation: { from: '2001-03-01T00:05:00', to: '2001-03-10T00:00:00' }, test: { from: '2001-03-10T00:01:00', to: '2001-03-31T23:59:00' } };
  expect(register('flights', { split: { kind: 'time', column: 'date', unplacedRows: 3, times } }).request.CustomerMetadataProperties).toMatchObject({
    split: 'by time: date / training from 2001-01-01T00:01:00 / validation from 2001-03-01T00:05:00 / test from 2001-03-10T00:01:00 to 2001-03-31T23:59:00',
  });
});

test('the package says what the model was made for, and of how many classes', () => {
  expect(register('flights').request.CustomerMetadataProperties).toMatchObject({ task: 'binary' });
  expect(register('flights').request.CustomerMetadataProperties).not.toHaveProperty('classes');
  expect(register('penguins', { task: 'multiclass', classes: 3 }).request.CustomerMetadataProperties).toMatchObject({ task: 'multiclass', classes: '3' });
});

test('a model that a container serves has an inference specification instead of a source', () => {
  const serving = { image: 'registry/server:1', contentTypes: ['text/csv'], responseTypes: ['application/json'], environment: { THREADS: '2' } };
  const { request, lineage } = register('flights', { declared: { card: {}, serving } });
  expect(request).not.toHaveProperty('SourceUri');
  expect(request.InferenceSpecification).toEqual({
    Containers: [
      {
        Image: 'registry/server:1',
        ModelDataSource: { S3DataSource: { S3Uri: 's3://artifacts/models/flights/run-1/model.tar.gz', S3DataType: 'S3Object', CompressionType: 'Gzip' } },
        Environment: { THREADS: '2' },
      },
    ],
    SupportedContentTypes: ['text/csv'],
    SupportedResponseMIMETypes: ['application/json'],
  });
  expect(lineage.model.servingImage).toBe('registry/server:1');
  expect(request.CustomerMetadataProperties).toMatchObject({ servingImage: 'registry/server:1' });
});

test('the metadata stays within what SageMaker takes, and keeps the digests; the lineage has all', () => {
  const hyperParameters = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`p${String(index)}`, 'x'.repeat(1000)]));
  const { request, lineage } = register('flights', { trainingJob: { ...registration.trainingJob, hyperParameters } });
  const metadata = request.CustomerMetadataProperties ?? {};
  expect(Object.keys(metadata)).toHaveLength(50);
  expect(metadata).toMatchObject({ artifactSha256: 'a'.repeat(64), lineage: 's3://artifacts/reports/flights/run-1/lineage.json' });
  for (const value of Object.values(metadata)) expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
  expect(metadata['dataset']).toBe('s3://data/raw/flights/march _1__ new.parquet');
  expect(lineage.training.hyperParameters).toEqual(hyperParameters);
  expect(lineage.data.objects).toEqual([{ uri: 's3://data/raw/flights/march (1), new.parquet', versionId: 'd1', sha256: 'b'.repeat(64) }]);
});

test('the same run is the same request, another run another token', () => {
  expect(register('flights').request).toEqual(register('flights').request);
  const tokens = [clientToken('flights', 'a'), clientToken('flights', 'b'), clientToken('trips', 'a')];
  expect(new Set(tokens).size).toBe(3);
  for (const token of tokens) expect(token).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
});

test("the version is the ARN's last part", () => {
  expect(versionOf('arn:aws:sagemaker:us-east-1:123456789012:model-package/group/12')).toBe('12');
  expect(() => versionOf('arn:aws:sagemaker:us-east-1:123456789012:model-package/unversioned')).toThrow('has no version');
});

test('one object is told by its own digest; a folder by its manifest, with every object in its version', () => {
  const manifest = 's3://artifacts/reports/flights/run-1/dataset.json';
  expect(lineageOf('flights', { ...registration, dataset: { ...registration.dataset, manifest } }, digests, [registration.dataset]).data).not.toHaveProperty('manifest');
  const folder = { bucket: 'data', key: 'raw/flights/may 2026/', sha256: 'f'.repeat(64), manifest };
  const files = ['a', 'b'].map((name) => ({ key: `${folder.key}${name}.csv`, versionId: name, bytes: 1, sha256: name.repeat(64) }));
  const { data } = lineageOf('flights', { ...registration, dataset: folder }, digests, files);
  expect(data.manifest).toEqual({ uri: manifest, sha256: 'f'.repeat(64) });
  expect(data.objects).toEqual(['a', 'b'].map((name) => ({ uri: `s3://data/raw/flights/may 2026/${name}.csv`, versionId: name, sha256: name.repeat(64) })));
});
