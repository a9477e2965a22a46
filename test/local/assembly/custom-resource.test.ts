import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startLaptop } from '../../../local/index.ts';
import { temporaryDirectory, writeAssembly } from '../support/assembly.ts';

/** Answers as CDK's own entry point does: by TLS, to the host and path of the address alone. */
const byTls = `
const https = require('https');
exports.handler = async (event) => {
  if (event.ResourceProperties.Fail === 'true') throw new Error('no such thing');
  const Data = { Told: [event.RequestType, event.ResourceProperties.Count, event.OldResourceProperties?.Count ?? 'none'].join(' '), Type: typeof event.ResourceProperties.Count };
  const { hostname, pathname } = new URL(event.ResponseURL);
  await new Promise((resolve, reject) => {
    https.request({ hostname, path: pathname, method: 'PUT' }, (response) => response.resume().on('end', resolve)).on('error', reject).end(JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'mine', Data }));
  });
};`;
/** Answers by fetch, that it cannot. */
const refuses = `exports.handler = async (event) => { await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'FAILED', Reason: 'I will not' }) }); };`;

const fn = (code: string, Runtime = 'nodejs24.x') => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { ZipFile: code }, Handler: 'index.handler', Runtime, Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'] },
});
const template = (properties: object, code = byTls, runtime?: string) => ({
  App: {
    Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } }, Fn: fn(code, runtime), Own: { Type: 'AWS::CloudFormation::CustomResource', Properties: { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] }, ...properties } } },
    Outputs: { Told: { Value: { 'Fn::GetAtt': ['Own', 'Told'] } }, Ref: { Value: { Ref: 'Own' } } },
  },
});

async function up(directory: string, templates: Record<string, object>, messages: string[] = []) {
  const laptop = await startLaptop({ assembly: writeAssembly(path.join(directory, 'cdk.out'), templates), stateDirectory: path.join(directory, 'state'), onEvent: (event) => event.type === 'notice' && messages.push(event.message) });
  onTestFinished(() => laptop.close());
  const [stack] = laptop.summary.stacks;
  await laptop.close();
  return Object.fromEntries((stack?.outputs ?? []).map(({ key, value }) => [key, value]));
}

test('a function of the app is asked for a custom resource when it is new, changed, or gone, and only then', async () => {
  const directory = temporaryDirectory();
  expect(await up(directory, template({ Count: 1 }))).toEqual({ Told: 'Create 1 none', Ref: 'mine' });
  expect(await up(directory, template({ Count: 1 }))).toEqual({ Told: 'Create 1 none', Ref: 'mine' });
  expect(await up(directory, template({ Count: 2 }))).toEqual({ Told: 'Update 2 1', Ref: 'mine' });
});

test('what its function refuses or throws stops the deployment, with its reason', async () => {
  await expect(up(temporaryDirectory(), template({ Count: 1 }, refuses))).rejects.toThrow('Create of the custom resource App/Own failed: I will not');
  await expect(up(temporaryDirectory(), template({ Count: 1, Fail: true }))).rejects.toThrow(/App\/Own failed: its function failed: .*no such thing/);
});

test('a function that the laptop cannot run leaves its resource a declaration', async () => {
  expect(await up(temporaryDirectory(), template({ Count: 1 }, 'x', 'python3.13'))).toMatchObject({ Told: expect.stringContaining('.Told') });
});
