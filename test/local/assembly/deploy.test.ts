import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { deployAssembly } from '../../../local/assembly/deploy.ts';
import { loadAssembly } from '../../../local/assembly/manifest.ts';
import { deploymentRecords } from '../../../local/assembly/records.ts';
import type { LaptopEvent } from '../../../local/core/events.ts';
import type { ResourceDeclaration, ResourceProvider } from '../../../local/core/resource.ts';
import { openStore } from '../../../local/store/sqlite.ts';
import { temporaryDirectory, writeAssembly } from '../support/assembly.ts';

/** A laptop’s deployment engine with one provider that remembers what it was asked for. */
function engine() {
  const directory = temporaryDirectory();
  const store = openStore(path.join(directory, 'state'));
  const calls: string[] = [];
  const declarations: Record<string, ResourceDeclaration> = {};
  const provider: ResourceProvider = {
    type: 'AWS::Test::Thing',
    apply(declaration, context, previous) {
      calls.push(`${previous ? 'update' : 'create'} ${declaration.logicalId}`);
      declarations[declaration.logicalId] = declaration;
      if (declaration.properties['Fail']) throw new Error('it cannot be');
      const name = String(declaration.properties['Name'] ?? context.physicalName(declaration, 64));
      return { physicalId: name, attributes: { Arn: `arn:thing/${name}`, Endpoint: { Address: 'host' } } };
    },
    remove: (previous, declaration) => void calls.push(`remove ${declaration.logicalId} ${previous.physicalId}`),
  };
  const events: LaptopEvent[] = [];
  return {
    directory,
    declarations,
    events,
    records: deploymentRecords(store),
    async up(templates: Record<string, object>, environment?: string, prepare?: (assembly: string) => void) {
      calls.length = 0;
      const assembly = writeAssembly(path.join(directory, 'cdk.out'), templates, environment);
      prepare?.(assembly);
      const summary = await deployAssembly({ assembly: loadAssembly(assembly), store, providers: [provider], environment: { accountId: '000000000000', region: 'us-east-1', partition: 'aws' }, now: () => new Date(), emit: (event) => events.push(event) });
      return { summary, calls: [...calls] };
    },
  };
}

const thing = (Properties: object = {}, rest: object = {}) => ({ Type: 'AWS::Test::Thing', Properties, ...rest });

test('resources come up in order with resolved properties, construct path and outputs', async () => {
  const { up, declarations } = engine();
  const { summary, calls } = await up({
    App: {
      Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      Resources: {
        Second: thing({ Uses: { 'Fn::GetAtt': ['First', 'Arn'] }, Address: { 'Fn::GetAtt': ['First', 'Endpoint.Address'] } }, { Metadata: { 'aws:cdk:path': 'App/Second/Resource' } }),
        First: thing({ Name: 'first' }),
        Skipped: thing({}, { Condition: 'Never' }),
        CDKMetadata: { Type: 'AWS::CDK::Metadata' },
      },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['First', 'Arn'] }, Description: 'the first' }, No: { Condition: 'Never', Value: 'x' } },
    },
  });
  expect(calls).toEqual(['create First', 'create Second']);
  expect(declarations['Second']).toMatchObject({ stackName: 'App', constructPath: 'App/Second/Resource', properties: { Uses: 'arn:thing/first', Address: 'host' } });
  expect(summary).toEqual({ stacks: [{ stackName: 'App', outputs: [{ key: 'Arn', value: 'arn:thing/first', description: 'the first' }] }], served: { 'AWS::Test::Thing': 2 }, declared: {} });
});

test('types that are not served are kept as declarations, with names and ARNs that are the same at every run', async () => {
  const { up, declarations, events } = engine();
  const template = {
    App: {
      Resources: {
        Budget: { Type: 'AWS::Budgets::Budget', Properties: { Secret: '{{resolve:ssm:/x}}' } },
        Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/thing' } },
        Thing: thing({ Budget: { Ref: 'Budget' }, Arn: { 'Fn::GetAtt': ['Log', 'Arn'] }, Other: { 'Fn::GetAtt': ['Budget', 'Color'] } }),
      },
    },
  };
  const { summary } = await up(template);
  const first = declarations['Thing']?.properties;
  expect(first).toEqual({ Budget: expect.stringMatching(/^App-Budget-[0-9A-Z]{12}$/), Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/thing:*', Other: expect.stringMatching(/^App-Budget-[0-9A-Z]{12}\.Color$/) });
  expect(summary.declared).toEqual({ 'AWS::Budgets::Budget': 1, 'AWS::Logs::LogGroup': 1 });
  expect(events.map((event) => event.type === 'resource' && event.action)).toEqual(['declared', 'declared', 'created']);
  await up(template);
  expect(declarations['Thing']?.properties).toEqual(first);
});

test('a second time resources are updated, what vanished goes backwards, and what is to be retained stays', async () => {
  const { up, records, events } = engine();
  await up({ App: { Resources: { A: thing({ Name: 'a' }), B: thing({ Uses: { Ref: 'A' } }), Kept: thing({}, { DeletionPolicy: 'Retain' }) } }, Gone: { Resources: { C: thing({ Name: 'c' }) } } });
  const { calls } = await up({ App: { Resources: { New: thing() } } });
  expect(calls[0]).toBe('create New');
  expect(calls.slice(1)).toEqual([expect.stringContaining('remove B'), 'remove A a', 'remove C c']);
  expect(events.flatMap((event) => (event.type === 'resource' && event.action === 'retained' ? [event.logicalId] : []))).toEqual(['Kept']);
  expect([records.stacks.list().map(({ id }) => id), records.resources.list().map(({ id }) => id)]).toEqual([['App'], ['App/New']]);
});

test('a resource of a new name replaces the old one, unless a policy keeps it', async () => {
  const { up } = engine();
  const template = (name: string, policy?: string) => ({ App: { Resources: { A: thing({ Name: name }, policy === undefined ? {} : { UpdateReplacePolicy: policy }) } } });
  await up(template('one'));
  expect((await up(template('two', 'Retain'))).calls).toEqual(['update A', 'remove A one']);
  expect((await up(template('three'))).calls).toEqual(['update A']);
});

test('a resource whose logical id changed is not removed under its new one', async () => {
  const { up } = engine();
  await up({ App: { Resources: { Old: thing({ Name: 'same' }) } } });
  expect((await up({ App: { Resources: { New: thing({ Name: 'same' }) } } })).calls).toEqual(['create New']);
});

test('what was a declaration alone is created when its type is served, and replaces no one', async () => {
  const { up } = engine();
  await up({ App: { Resources: { A: { Type: 'AWS::Other::Kind', Properties: {} } } } });
  expect((await up({ App: { Resources: { A: thing({ Name: 'a' }) } } })).calls).toEqual(['create A']);
  expect((await up({ App: { Resources: { A: { Type: 'AWS::Other::Kind', Properties: {} } } } })).calls).toEqual(['remove A a']);
});

test('stacks come up in the order of their dependencies and import from each other', async () => {
  const { up, declarations } = engine();
  await up({
    Base: { Resources: { A: thing({ Name: 'a' }) }, Outputs: { Name: { Value: { Ref: 'A' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:A' } } } } },
    App: { Resources: { B: thing({ From: { 'Fn::ImportValue': 'Base:A' } }) } },
  });
  expect(declarations['B']?.properties).toEqual({ From: 'a' });
});

test('the account and region that an app fixed are those of its stacks', async () => {
  const { up, declarations } = engine();
  await up({ App: { Resources: { A: thing({ At: { 'Fn::Sub': '${AWS::AccountId}/${AWS::Region}' } }) } } }, 'aws://123456789012/eu-west-1');
  expect(declarations['A']?.properties).toEqual({ At: '123456789012/eu-west-1' });
});

test('a nested stack comes up from its asset, and its outputs are attributes', async () => {
  const { up, declarations } = engine();
  const bucket = 'cdk-hnb659fds-assets-000000000000-us-east-1';
  const parent = {
    Resources: {
      Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: { 'Fn::Sub': 'https://s3.${AWS::Region}.${AWS::URLSuffix}/cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}/nested.json' }, Parameters: { Given: 'parameter' } } },
      After: thing({ Value: { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] } }),
    },
  };
  await up({ App: parent }, undefined, (assembly) => {
    const nested = { Parameters: { Given: { Type: 'String' } }, Resources: { Inner: thing({ Name: { Ref: 'Given' } }) }, Outputs: { Name: { Value: { Ref: 'Inner' } } } };
    writeFileSync(path.join(assembly, 'nested.template.json'), JSON.stringify(nested));
    writeFileSync(path.join(assembly, 'App.assets.json'), JSON.stringify({ files: { n: { source: { path: 'nested.template.json', packaging: 'file' }, destinations: { here: { bucketName: bucket.replace('000000000000-us-east-1', '${AWS::AccountId}-${AWS::Region}'), objectKey: 'nested.json' } } } } }));
    writeFileSync(path.join(assembly, 'manifest.json'), JSON.stringify({ artifacts: { assets: { type: 'cdk:asset-manifest', properties: { file: 'App.assets.json' } }, App: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 'App.template.json' } } } }));
  });
  expect(declarations['After']?.properties).toEqual({ Value: 'parameter' });
});

test('a resource that cannot be brought up is named by its construct path, and its stack is marked', async () => {
  const { up, records } = engine();
  await expect(up({ App: { Resources: { A: thing({ Fail: true }, { Metadata: { 'aws:cdk:path': 'App/A/Resource' } }) } } })).rejects.toThrow('App/A/Resource (AWS::Test::Thing): it cannot be');
  expect(records.stacks.get('App')).toMatchObject({ status: 'CREATE_FAILED', statusReason: expect.stringContaining('it cannot be') });
});

test('stages are nested assemblies', async () => {
  const { up, declarations } = engine();
  await up({}, undefined, (assembly) => {
    mkdirSync(path.join(assembly, 'assembly-Prod'));
    writeAssembly(path.join(assembly, 'assembly-Prod'), { 'Prod-App': { Resources: { Staged: thing() } } });
    writeFileSync(path.join(assembly, 'manifest.json'), JSON.stringify({ artifacts: { 'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } } } }));
  });
  expect(declarations['Staged']?.stackName).toBe('Prod-App');
});

test('construct paths come from the assembly’s metadata where the template has none', async () => {
  const { up, declarations } = engine();
  await up({ App: { Resources: { A: thing() } } }, undefined, (assembly) => {
    const manifest = { artifacts: { App: { type: 'aws:cloudformation:stack', properties: { templateFile: 'App.template.json' }, additionalMetadataFile: 'App.metadata.json' } } };
    writeFileSync(path.join(assembly, 'manifest.json'), JSON.stringify(manifest));
    writeFileSync(path.join(assembly, 'App.metadata.json'), JSON.stringify({ '/App/A/Resource': [{ type: 'aws:cdk:logicalId', data: 'A' }] }));
  });
  expect(declarations['A']?.constructPath).toBe('App/A/Resource');
});

test('a folder that is no assembly is told from one', () => {
  expect(() => loadAssembly(temporaryDirectory())).toThrow('holds no manifest.json: expected the output folder of `cdk synth`');
});
