import { lineageOf, lineageText } from '../../../lambda/register-model/lineage.ts';
import { modelPackage } from '../../../lambda/register-model/package.ts';
import type { Registration } from '../../../lambda/register-model/payload.ts';
import { sha256 } from '../../../lambda/shared/digest.ts';

/** A run that is registered. */
export const registration: Registration = {
  approvalStatus: 'Approved',
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
  fileRows: 3000,
  rows: { train: 2400, validation: 290, test: 310 },
  features: [{ name: 'distance', column: 'distance', transform: 'numeric' }],
  split: { kind: 'rowHash', unplacedRows: 0 },
  statistics: 's3://artifacts/reports/flights/run-1/statistics.json',
  constraints: 's3://artifacts/reports/flights/run-1/constraints.json',
  trainingJob: { name: 'job', arn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/job', image: 'image:3.0-5', hyperParameters: { num_round: '100', objective: 'binary:logistic' } },
  declared: { card: {}, revision: '0123abc' },
};

/** The digests of its reports. */
export const digests = { evaluation: 'c'.repeat(64), statistics: 'd'.repeat(64), constraints: 'e'.repeat(64) };

/** The lineage and the request of a registration. */
export function register(name: string, changes: Partial<Registration> = {}) {
  const given = { ...registration, ...changes };
  const lineage = lineageOf(name, given, digests, [given.dataset]);
  const file = { uri: `s3://artifacts/reports/${name}/run-1/lineage.json`, sha256: sha256(lineageText(lineage)) };
  return { lineage, request: modelPackage('group', given, lineage, file) };
}
