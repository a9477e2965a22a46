import { PassThrough } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { showLineage } from '../../bin/cli/lineage-view.ts';
import { traceVersion } from '../../bin/cli/lineage.ts';
import type { ModelVersion } from '../../bin/cli/model-versions.ts';
import { Terminal } from '../../bin/cli/terminal.ts';
import { lineageOf, lineageText } from '../../lambda/register-model/lineage.ts';
import { sha256 } from '../../lambda/shared/digest.ts';
import { FakeAws } from '../lambda/support/fake-aws.ts';
import { digests, registration } from '../lambda/register-model/registration.ts';

const aws = new FakeAws();
let s3: S3Client;
beforeAll(async () => {
  await aws.start();
  s3 = new S3Client({ forcePathStyle: true });
});
afterAll(async () => {
  s3.destroy();
  await aws.stop();
});

const arn = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/flights/3';
let model: ModelVersion;
beforeEach(() => {
  aws.objects.clear();
  const data = aws.put('data', registration.dataset.key, 'rows');
  const tuning = { name: 'tune-1', arn: 'arn:tune-1', trials: 20, objective: { metric: 'validation:logloss', type: 'Minimize' as const, value: 0.31118 } };
  const text = lineageText(lineageOf('flights', { ...registration, trainingJob: { ...registration.trainingJob, tuning } }, digests, [{ ...registration.dataset, versionId: data.versionId }]));
  aws.put('artifacts', 'reports/flights/run-1/lineage.json', text);
  model = {
    version: 3, arn, approval: 'Approved', approvalDescription: 'by the board',
    properties: { lineage: 's3://artifacts/reports/flights/run-1/lineage.json', lineageSha256: sha256(text) },
  };
});

const record = (stable: string, canary?: string) => JSON.stringify({ stable: { modelPackageArn: stable }, ...(canary === undefined ? {} : { canary: { modelPackageArn: canary } }), updatedAt: '2026-11-20T12:05:00Z' });

it('traces a version from what serves it back to its data', async () => {
  aws.put('artifacts', 'deployments/staging.json', record(arn));
  aws.put('artifacts', 'deployments/production.json', record(arn.replace('/3', '/2'), arn));
  aws.put('artifacts', 'deployments/other.json', record(arn.replace('/3', '/1')));
  aws.put('artifacts', 'deployments/notes.txt', 'no record');
  const traced = await traceVersion(s3, 'artifacts', model);
  expect(traced.servedBy).toEqual([
    { target: 'staging', as: 'stable', since: '2026-11-20T12:05:00Z' },
    { target: 'production', as: 'canary', since: '2026-11-20T12:05:00Z' },
  ]);
  expect(traced.data).toMatchObject([{ uri: 's3://data/raw/flights/march (1), new.parquet', exists: true }]);
  const stream = new PassThrough();
  showLineage(new Terminal({ json: false, stream }), traced);
  const shown = String(stream.read());
  expect(shown).toContain(`flights, version 3  ${arn}`);
  expect(shown).toContain('├─ served by   staging since 2026-11-20T12:05:00Z, production (canary) since 2026-11-20T12:05:00Z\n├─ approval    Approved: by the board\n├─ evaluation  auc 0.7381 is above 0.72\n');
  expect(shown).toMatch(/─ tuning +the best of 20 trials of tune-1: validation:logloss 0\.3112\n/);
  expect(shown).toContain('├─ code        0123abc\n');
  expect(shown).toMatch(/├─ split +by row hash\n│ {2}└─ rows {2}train 2,400, validation 290, test 310\n└─ data +3,000 rows\n {3}├─ object +s3:\/\/data\/raw\/flights\/march \(1\), new\.parquet\n {3}│ {2}├─ version {2}[0-9a-f]{16}\n {3}│ {2}└─ sha-256 {2}b{64}\n/);
  expect(shown).not.toContain('no longer there');
});

it('says when nothing serves it, and when its data are gone', async () => {
  aws.objects.delete(`data/${registration.dataset.key}`);
  const traced = await traceVersion(s3, 'artifacts', { ...model, properties: { ...model.properties } });
  const stream = new PassThrough();
  showLineage(new Terminal({ json: false, stream }), traced);
  const shown = String(stream.read());
  expect(shown).toContain('├─ served by   no target\n');
  expect(shown).toMatch(/├─ gone +s3:\/\/data/);
  expect(shown).toContain('! Of the data an object is no longer there: the model cannot be trained again as it was.');
});

it('believes no lineage that was changed, and says where there is none', async () => {
  aws.put('artifacts', 'reports/flights/run-1/lineage.json', '{}');
  await expect(traceVersion(s3, 'artifacts', model)).rejects.toThrow(/lineage\.json has the SHA-256 44136f.*was changed since, and is not believed/);
  aws.objects.delete('artifacts/reports/flights/run-1/lineage.json');
  await expect(traceVersion(s3, 'artifacts', model)).rejects.toThrow(/lineage of version 3, s3:.* is gone.*slipway models show 3/);
  await expect(traceVersion(s3, 'artifacts', { ...model, properties: {} })).rejects.toThrow(/version 3 was registered without a lineage/i);
});
