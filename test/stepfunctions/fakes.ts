import { TaskFailure } from '../../local/states/index.ts';
import type { Json } from '../../local/states/index.ts';
import type { Fake } from './run.ts';

export const sha256 = 'a'.repeat(64);
export const artifact = { bucket: 'artifacts', key: 'models/flights/run-1/model.tar.gz', sha256, bytes: 10 };
export const folder = 's3://artifacts/intermediates/flights/run-1/prepared';

/** What a target's rollout comes to. */
const rolledOut = { status: 'COMPLETED', servedVersion: '1', previous: null, smokeTest: { url: 'https://api.example/predict', input: {}, prediction: 0.2, modelVersion: '1', latencyMs: 5 } };

/** Answers in the shape of each task's contract. */
export const fakes: Readonly<Record<string, Fake>> = {
  'validate-data': {
    rows: 100, bytes: 1000, dataset: { bucket: 'data', key: 'raw/flights/a.parquet', versionId: 'v1', sha256 },
    statistics: 's3://artifacts/s.json', constraints: 's3://artifacts/c.json', violations: 's3://artifacts/v.json', warnings: [],
  },
  'prepare-data': {
    rows: { train: 80, validation: 10, test: 10 }, split: { kind: 'group', column: 'origin', unplacedRows: 1, groups: { train: 8, validation: 1, test: 1 } }, train: `${folder}/train/`, validation: `${folder}/validation/`, test: `${folder}/test/`,
    features: `${folder}/features.json`, label: `${folder}/label.json`, classes: 0, sample: `${folder}/sample.json`,
  },
  'createTrainingJob.sync': (args) => ({
    TrainingJobName: args['TrainingJobName']!, TrainingJobArn: 'arn:job', TrainingJobStatus: 'Completed', HyperParameters: args['HyperParameters']!,
    AlgorithmSpecification: args['AlgorithmSpecification']!, ModelArtifacts: { S3ModelArtifacts: 's3://artifacts/model.tar.gz' },
  }),
  'convert-model': { artifact, trainer: 'slipway 0.1.0', rounds: 10, task: 'binary', parity: { rows: 10, maxDifference: 0 } },
  'validate-model': {
    metrics: { auc: 0.74 }, gates: [{ metric: 'auc', comparison: 'above', threshold: 0.72, value: 0.74, passed: true }], passed: true,
    summary: 'auc 0.74 is above 0.72', evaluation: 's3://artifacts/evaluation.json', report: 's3://artifacts/report.html',
  },
  'register-model': { modelPackageArn: 'arn:aws:sagemaker:us-east-1:123456789012:model-package/flights/1', modelName: 'flights', modelVersion: '1', sha256 },
  putObject: { ETag: '"e"' },
  'staging-rollout': rolledOut,
  'own-rollout': rolledOut,
  'production-rollout': { ...rolledOut, smokeTest: { ...rolledOut.smokeTest, url: 'https://production.example/predict', latencyMs: 7 } },
  // As the handler does: it asks Step Functions, and not its arguments.
  notify: (args, redriveCount): Json => {
    if (args['kind'] === 'success') return { sent: true };
    const failure = args['failure'] as { state: string; error: string; cause: string; redriveCount: number };
    if (redriveCount > failure.redriveCount) return { resume: failure.state };
    throw new TaskFailure(failure.error, failure.cause);
  },
};

/** A task that fails each time. */
export const fails = (error: string, cause: string): Fake => () => {
  throw new TaskFailure(error, cause);
};
