import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareVersions } from '../../bin/cli/model-comparison.ts';
import type { ModelVersion } from '../../bin/cli/model-versions.ts';
import { slipway } from './support.ts';

const versions: Record<number, Record<string, string>> = {
  1: { datasetSha256: 'one', trainer: 'XGBoost 1.7.4', 'metric.auc': '0.71', 'metric.log_loss': '0.5', 'gate.auc': 'above 0.7', 'hyperparameter.max_depth': '4', trainedAt: 'then', report: 's3://artifacts/reports/m/run-1/report.html' },
  2: { datasetSha256: 'one', trainer: 'XGBoost 1.7.4', 'metric.auc': '0.73', 'metric.log_loss': '0.52', 'hyperparameter.max_depth': '6', trainedAt: 'now', report: 's3://artifacts/reports/m/run-2/report.html' },
  3: { datasetSha256: 'two', trainer: 'XGBoost 1.7.4', 'metric.auc': '0.73', 'hyperparameter.max_depth': '6' },
};
const card = { model_overview: { model_creator: 'the team', model_artifact: ['s3://b/k'] }, intended_uses: { purpose_of_model: 'to tell late flights', risk_rating: 'Low' }, training_details: {} };
const arn = (version: number): string => `arn:aws:sagemaker:us-east-1:000000000000:model-package/models/${String(version)}`;
/** What run 2 stored of its comparison with version 1; the run of version 3 found none to compare with. */
const stored: Readonly<Record<string, unknown>> = {
  '/artifacts/reports/m/run-2/champion.json': {
    champion: {
      state: 'compared', modelVersion: '1', modelPackageArn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package/models/1', rows: 12_345, data: { note: 'Neither has learned from these rows.' },
      metrics: [
        { metric: 'auc', challenger: 0.73, champion: 0.7, difference: 0.03, low: 0.02, high: 0.04, confidence: 0.95, test: { name: 'DeLong', p: 1e-9 } },
        { metric: 'log_loss', challenger: 0.52, champion: 0.5, difference: 0.02, low: 0.01, high: 0.03, confidence: 0.95, test: { name: 'paired t', p: 0.0123 } },
        { metric: 'f1', challenger: 0.5, champion: 0.51, difference: -0.01, low: -0.03, high: 0.01, confidence: 0.95 },
      ],
    },
  },
  '/artifacts/reports/m/run-3/champion.json': { champion: { state: 'none', reason: 'x' } },
};
const outputs = ['DataBucketName', 'ArtifactBucketName', 'ModelPackageGroupName', 'ApiUrl', 'PipelineName', 'DataPrefix', 'StartFunctionName', 'StateMachineArn'];

/** Enough of CloudFormation and SageMaker for these commands. */
function answer(target: string, body: string): string {
  if (target.endsWith('.ListModelPackages')) {
    return JSON.stringify({ ModelPackageSummaryList: Object.keys(versions).map(Number).toReversed().map((version) => ({ ModelPackageArn: arn(version), ModelPackageVersion: version })) });
  }
  if (target.endsWith('.DescribeModelPackage')) {
    const version = Number((JSON.parse(body) as { ModelPackageName: string }).ModelPackageName.split('/').at(-1));
    return JSON.stringify({ ModelPackageArn: arn(version), ModelPackageVersion: version, ModelApprovalStatus: 'Approved', ...(version === 2 ? { ApprovalDescription: 'looked at', ModelCard: { ModelCardStatus: 'Draft', ModelCardContent: JSON.stringify(card) } } : {}), CreationTime: 1_000_000 * version, CustomerMetadataProperties: versions[version] });
  }
  const members = outputs.map((name) => `<member><OutputKey>${name}</OutputKey><OutputValue>${name === 'ModelPackageGroupName' ? 'models' : 'x'}</OutputValue></member>`);
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>app</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

let state = '';
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const target = String(request.headers['x-amz-target'] ?? '');
      if (request.method === 'GET') {
        const file = stored[(request.url ?? '').split('?')[0] ?? ''];
        if (file === undefined) response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>');
        else response.end(JSON.stringify(file));
        return;
      }
      response.setHeader('content-type', target === '' ? 'text/xml' : 'application/x-amz-json-1.1').end(answer(target, body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state = await mkdtemp(path.join(tmpdir(), 'slipway-test-'));
  const awsEndpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  await writeFile(path.join(state, 'laptop.json'), JSON.stringify({ awsEndpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, region: 'us-east-1', apis: {}, pid: process.pid }));
});
afterAll(async () => {
  server.close();
  await rm(state, { recursive: true, force: true });
});

const models = (...args: string[]) => slipway('models', ...args, '--state', state);

describe('slipway models', () => {
  it('lists the versions, the newest first', async () => {
    const { stdout } = await models();
    expect(stdout.split('\n').map((line) => line.trim().split(/\s/)[0])).toEqual(['models', '3', '2', '1', '']);
    expect(stdout).toContain('auc 0.7300');
    expect((JSON.parse((await models('--json')).stdout) as { models: { version: number }[] }).models.map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  it('shows one: metrics, gates, hyperparameters, lineage', async () => {
    const { stdout } = await models('show', '1');
    expect(stdout).toMatch(/Version 1 {2}Approved {2}1970-01-12T13:46:40\.000Z/);
    expect(stdout).toMatch(/Metrics\n {2}auc {7}0\.7100\n {2}log_loss {2}0\.5000\n\nGates\n {2}auc {2}above 0\.7\n\nHyperparameters\n {2}max_depth {2}4\n\nLineage \(slipway lineage 1 traces it\)\n/);
    expect(stdout).toContain(arn(1));
    expect(JSON.parse((await models('show', '1', '--json')).stdout)).toEqual({ version: 1, approval: 'Approved', created: '1970-01-12T13:46:40.000Z', arn: arn(1), properties: versions[1] });
  });

  it('shows what was said of one: in its card and when it was approved', async () => {
    const { stdout } = await models('show', '2');
    expect(stdout).toMatch(/\n {2}looked at\n\nCard\n {2}model creator {5}the team\n {2}purpose of model {2}to tell late flights\n {2}risk rating {7}Low\n\nMetrics\n/);
    expect(JSON.parse((await models('show', '2', '--json')).stdout)).toMatchObject({ approvalDescription: 'looked at', card });
    expect((await models('--json')).stdout).not.toContain('purpose_of_model');
  });

  it('compares two, with the better one of each metric', async () => {
    const { stdout } = await models('compare', '1', '2');
    expect(stdout).toMatch(/auc +0\.7100 +0\.7300 +\+0\.0200, version 2 is better/);
    expect(stdout).toMatch(/log_loss +0\.5000 +0\.5200 +\+0\.0200, version 1 is better/);
    expect(stdout).toMatch(/hyperparameter\.max_depth +4 +6\n/);
    expect(stdout).not.toMatch(/different data|trainer|trainedAt/);
    expect((await models('compare', '2', '3')).stdout).toMatch(/auc +0\.7300 +0\.7300 +the same\n.*log_loss +0\.5200 +not defined\n.*measured on different rows/);
    expect(JSON.parse((await models('compare', '1', '2', '--json')).stdout)).toMatchObject({ a: { version: 1 }, b: { version: 2 }, sameData: true, metrics: [{ name: 'auc', better: 'b' }, { name: 'log_loss', better: 'a' }] });
  });

  it.each([['1', '2'], ['2', '1']])('shows how %s and %s did on the same rows, where a run has found that out', async (a, b) => {
    const { stdout } = await models('compare', a, b);
    expect(stdout).toContain('On the same 12,345 held-out rows, version 2 less version 1');
    expect(stdout).toMatch(/auc +\+0\.0300 +95 % interval \+0\.0200 to \+0\.0400 +clearly better, DeLong p < 0\.0001\n/);
    expect(stdout).toMatch(/log_loss +\+0\.0200 .*clearly worse, paired t p 0\.0123\n/);
    expect(stdout).toMatch(/f1 +-0\.0100 .*no clear difference\n/);
    expect(stdout).toContain('Neither has learned from these rows.');
    expect(JSON.parse((await models('compare', a, b, '--json')).stdout)).toMatchObject({ paired: { challenger: 2, champion: 1, rows: 12_345 } });
  });

  it('says nothing of rows that no run has compared two versions on', async () => {
    expect((await models('compare', '2', '3')).stdout).not.toContain('On the same');
    expect(JSON.parse((await models('compare', '1', '3', '--json')).stdout)).not.toHaveProperty('paired');
  });

  it('names the versions that there are', async () => {
    expect((await models('show', '9')).error).toBe('models has no version 9: it has 3, 2, 1.');
    expect((await models('compare', '1', '7')).error).toContain('no version 7');
  });
});

it('compares a version with itself as equal', () => {
  const version: ModelVersion = { version: 1, arn: arn(1), properties: versions[1]! };
  const { metrics, properties, sameData } = compareVersions(version, version);
  expect(metrics.every((metric) => metric.difference === 0 && metric.better === undefined)).toBe(true);
  expect({ properties, sameData }).toEqual({ properties: [], sameData: true });
});
