import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleRootContext } from '../../lib/private/handler-bundle.ts';
import { readAssembly } from '../../scripts/synth/assembly.ts';
import { tinyBundles } from '../lib/support.ts';

const root = path.join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'slipway-app-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `node bin/app.ts` as a user does, with tiny bundles and without CloudFormation's validation. */
async function synth(name: string, context: Record<string, string> = {}) {
  const outdir = path.join(folder, name);
  await promisify(execFile)(process.execPath, ['bin/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', CDK_CONTEXT_JSON: JSON.stringify({ [bundleRootContext]: tinyBundles(), ...context }) },
  });
  // Room below CloudFormation's 500, whatever the example.
  for (const stack of readAssembly(outdir)) expect(stack.resources.length, stack.name).toBeLessThanOrEqual(480);
  return outdir;
}

describe('node bin/app.ts', () => {
  it('writes the example\'s three stacks for us-east-1 without any context, with paths for messages', async () => {
    const outdir = await synth('default');
    const stacks = readAssembly(outdir);
    expect(stacks.map(({ name }) => name).sort()).toEqual(['slipway-dev-pipeline', 'slipway-dev-platform', 'slipway-dev-serving']);
    const manifest = JSON.parse(readFileSync(path.join(outdir, 'manifest.json'), 'utf8')) as { artifacts: Record<string, { environment?: string }> };
    expect(manifest.artifacts['slipway-dev-platform']?.environment).toBe('aws://unknown-account/us-east-1');
    const functions = stacks.flatMap(({ resources }) => resources).filter(({ type }) => type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(10);
    for (const { metadata } of functions) expect(metadata).toMatchObject({ 'aws:cdk:path': expect.any(String), 'aws:asset:path': expect.stringMatching(/^asset\./) });
  });

  it.each([
    ['penguins', 'minimumAccuracy', '0.8', String.raw`\"metric\":\"accuracy\",\"comparison\":\"above\",\"threshold\":0.8}`],
    ['cars', 'maximumRmse', '3.5', String.raw`\"metric\":\"rmse\",\"comparison\":\"below\",\"threshold\":3.5}`],
  ])('writes the example %s where it is asked for, with its gate', async (example, gate, value, written) => {
    const outdir = await synth(example, { example, [gate]: value });
    expect(readAssembly(outdir).map(({ name }) => name).sort()).toEqual([`${example}-dev-pipeline`, `${example}-dev-platform`, `${example}-dev-serving`]);
    expect(readFileSync(path.join(outdir, `${example}-dev-pipeline.template.json`), 'utf8')).toContain(written);
  });

  it('keeps a feature group where it is asked to', async () => {
    const stacks = readAssembly(await synth('features', { featureGroup: 'true' }));
    const resources = stacks.flatMap((stack) => stack.resources);
    expect(resources.find(({ type }) => type === 'AWS::SageMaker::FeatureGroup')?.properties).toMatchObject({ RecordIdentifierFeatureName: 'origin', EventTimeFeatureName: 'date' });
    expect(resources.filter(({ type }) => type === 'AWS::Lambda::Function')).toHaveLength(11);
  });

  it('puts production behind a person where that is asked for', async () => {
    const outdir = await synth('approval', { example: 'penguins', approval: 'manual' });
    expect(readFileSync(path.join(outdir, 'penguins-dev-pipeline.template.json'), 'utf8')).toContain('AwaitApproval');
    expect(readFileSync(path.join(outdir, 'penguins-dev-serving.template.json'), 'utf8')).toContain('ProductionApiUrl');
    await expect(synth('wrong-approval', { example: 'penguins', approval: 'perhaps' })).rejects.toThrow(/approval is 'perhaps', expected automatic or manual/);
  });

  it('is served by the targets that the context names, the first of them being staging', async () => {
    const outdir = await synth('targets', { example: 'penguins', targets: 'rest,http,endpoint', production: 'endpoint' });
    const { Outputs: outputs } = JSON.parse(readFileSync(path.join(outdir, 'penguins-dev-serving.template.json'), 'utf8')) as { Outputs: Record<string, { Value: unknown }> };
    expect(Object.keys(outputs).filter((name) => !name.startsWith('Export')).filter((name) => name.endsWith('Target'))).toEqual(['RestTarget', 'HttpTarget', 'EndpointTarget']);
    expect([outputs['DeploymentRecordKey'], outputs['ProductionDeploymentRecordKey']]).toMatchObject([{ Value: 'deployments/rest.json' }, { Value: 'deployments/endpoint.json' }]);
    expect(readFileSync(path.join(outdir, 'penguins-dev-pipeline.template.json'), 'utf8')).toContain('DeployToProduction');
  });

  it('is served by every target at once', async () => {
    const types = readAssembly(await synth('every-target', { targets: 'all', staging: 'serverless' })).flatMap(({ resources }) => resources.map(({ type }) => type));
    expect(types).toEqual(expect.arrayContaining(['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi', 'AWS::Lambda::Url', 'AWS::ECS::Service', 'AWS::ECR::Repository', 'AWS::Lambda::EventSourceMapping']));
    expect(types.filter((type) => type === 'AWS::EC2::VPC')).toHaveLength(1);
  });

  it.each([
    [{ targets: 'http,lambda' }, /targets names 'lambda', expected all, or some of http,rest,url,fargate,gpu,endpoint,serverless,async/],
    [{ targets: 'async' }, /targets is 'async', expected a target beside it/],
    [{ targets: 'http,http' }, /targets names 'http' more than once/],
    [{ targets: 'http,rest', staging: 'url' }, /staging is 'url', expected one of the targets: http, rest/],
    [{ targets: 'http,rest', production: 'staging' }, /production is 'staging', expected one of the targets: http, rest/],
    [{ production: 'rest' }, /production is 'rest' and targets is not set, expected -c targets=http,rest or -c targets=all/],
    [{ example: 'cars', targets: 'all' }, /targets is 'all', and the example is cars, expected flight-delays or penguins/],
  ])('names what is wrong with the targets %j', async (context, message) => {
    await expect(synth('wrong-targets', context as Record<string, string>)).rejects.toThrow(message);
  });

  it('says of which revision the models will be, and changes nothing else by that', async () => {
    const [one, two] = await Promise.all(['one', 'two'].map((revision) => synth(`revision-${revision}`, { example: 'penguins', revision })));
    const file = (folder: string, name: string) => readFileSync(path.join(folder, name), 'utf8');
    const template = (folder: string) => file(folder, 'penguins-dev-pipeline.template.json');
    expect(template(one!)).toContain(String.raw`\"revision\":\"one\"`);
    expect(template(one!).replaceAll(String.raw`\"revision\":\"one\"`, String.raw`\"revision\":\"two\"`)).toBe(template(two!));
    for (const stack of ['platform', 'serving']) expect(file(one!, `penguins-dev-${stack}.template.json`)).toBe(file(two!, `penguins-dev-${stack}.template.json`));
  });

  it('names the examples that there are', async () => {
    await expect(synth('none', { example: 'iris' })).rejects.toThrow(/example is 'iris', expected flight-delays, penguins, cars or container/);
    await expect(synth('none', { split: 'date' })).rejects.toThrow(/split is 'date', expected rowHash or time/);
  });

  it('takes name, stage, region, split and gate from the context', async () => {
    const outdir = await synth('other', { name: 'mine', stage: 'prod', region: 'eu-west-1', split: 'time', minimumAuc: '0.65' });
    expect(readdirSync(outdir)).toEqual(expect.arrayContaining(['mine-prod-platform.template.json']));
    const template = readFileSync(path.join(outdir, 'mine-prod-pipeline.template.json'), 'utf8');
    expect(template).toContain('141502667606.dkr.ecr.eu-west-1');
    expect(template).toContain(String.raw`\"split\":{\"kind\":\"time\",\"column\":\"date\"`);
    expect(template).toContain(String.raw`\"threshold\":0.65}`);
    expect(template).toMatch(/"slipway:stage",\s+"Value": "prod"/);
  });
});
