import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { list } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredPrograms } from '../../../bin/cli/declared-programs.ts';
import { Algorithm, TrainingFramework, TrainingPipeline, Tuning, TuningObjective, TuningRange } from '../../../lib/index.ts';
import type { FrameworkProps, TrainingFrameworkOptions } from '../../../lib/index.ts';
import { packSource } from '../../../lib/training/private/source-archive.ts';
import { argumentsOf, render } from '../pipeline/render.ts';
import { flags, ground, learning, OwnTarget, statementsOf, testApp, testStack, tinyBundles } from '../support.ts';

const tag = '2.5.1-cpu-py311-ubuntu22.04-sagemaker';
let root: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'framework-'));
  folder = source('source');
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** A folder with a script, what it imports and what is no source. */
function source(name: string): string {
  const made = path.join(root, name);
  for (const part of ['lib', '__pycache__', '.git', '.venv/bin']) mkdirSync(path.join(made, part), { recursive: true });
  for (const file of ['train.py', 'lib/net.py', 'lib/net.pyc', '__pycache__/train.py', '.git/config', '.venv/bin/python']) writeFileSync(path.join(made, file), `# ${file}\n`);
  return made;
}

const framework = (props: Partial<FrameworkProps> = {}) => Algorithm.framework({ framework: TrainingFramework.pytorch({ tag }), entryPoint: 'train.py', sourceDirectory: folder, ...props });

describe('a script in a framework\'s image', () => {
  it('comes in as a channel, and is told to the image\'s toolkit as JSON', () => {
    const { machine, template } = render({ algorithm: framework({ hyperParameters: { epochs: '3', loss: 'hinge' } }) });
    const request = argumentsOf(machine, 'TrainModel');
    const uri = (request['InputDataConfig'] as unknown as { ChannelName: string; DataSource: { S3DataSource: { S3Uri: string } } }[]).find(({ ChannelName }) => ChannelName === 'code')!.DataSource.S3DataSource.S3Uri;
    const [, archive] = /^s3:\/\/cdk-[^/]*-assets-[^/]*\/([0-9a-f]{64}\.tgz)$/.exec(uri)!;
    expect(request).toMatchObject({
      AlgorithmSpecification: { TrainingImage: `763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:${tag}` },
      HyperParameters: {
        epochs: '3', loss: 'hinge', sagemaker_program: '"train.py"', sagemaker_submit_directory: `"/opt/ml/input/data/code/${archive!}"`, sagemaker_container_log_level: '20', sagemaker_region: '"us-east-1"',
      },
      EnableNetworkIsolation: true,
    });
    const statements = statementsOf(template, /^FlightsTrainingRole/);
    expect(statements.filter(({ actions, resources }) => actions.includes('s3:GetObject') && resources.some((resource) => resource.includes('assets'))).map(({ resources }) => resources)).toEqual([[expect.stringMatching(`arn:aws:s3:::.*cdk-hnb659fds-assets-.*/${archive!}"`)]]);
    expect(statements.find(({ actions }) => actions.includes('ecr:BatchGetImage'))?.resources).toEqual([expect.stringMatching(/:ecr:us-east-1:763104351884:repository\/pytorch-training$/)]);
  });

  it('lies in the assembly as the archive that its channel names', () => {
    const app = testApp();
    const { machine } = render({ algorithm: framework() }, testStack('Stack', app));
    const [archive] = /[0-9a-f]{64}\.tgz/.exec(JSON.stringify(argumentsOf(machine, 'TrainModel')))!;
    const assembly = app.synth().directory;
    const names: string[] = [];
    list({ file: path.join(assembly, `asset.${archive}`), sync: true, onReadEntry: ({ path: name }) => void names.push(name) });
    expect(names).toEqual(['lib/net.py', 'train.py']);
  });

  it('is the same archive on each machine, whatever the times and the rights of others', () => {
    const [one, other] = ['one', 'other'].map((name) => {
      const made = source(name);
      if (name === 'other') {
        utimesSync(path.join(made, 'train.py'), 1, 1);
        chmodSync(path.join(made, 'train.py'), 0o664);
      }
      packSource(made, path.join(root, `${name}.tar.gz`));
      return readFileSync(path.join(root, `${name}.tar.gz`));
    });
    expect(one!.equals(other!)).toBe(true);
  });

  it('gets from TensorFlow\'s image what that cannot do without, which a value of its own replaces', () => {
    const parameters = (hyperParameters?: { [name: string]: string }) => argumentsOf(render({ algorithm: framework({ framework: TrainingFramework.tensorflow({ tag }), ...(hyperParameters === undefined ? {} : { hyperParameters }) }) }).machine, 'TrainModel')['HyperParameters'];
    expect(parameters()).toMatchObject({ model_dir: '/opt/ml/model' });
    expect(parameters({ model_dir: '/opt/ml/model/1' })).toMatchObject({ model_dir: '/opt/ml/model/1' });
  });

  it('is searched as a container is', () => {
    const tuning = Tuning.random({ ranges: [TuningRange.integer('epochs', 1, 9)], objective: TuningObjective.minimize('loss') });
    const { machine } = render({ algorithm: framework({ hyperParameters: { rate: '1' } }), tuning, metricDefinitions: [{ name: 'loss', regex: 'loss=([0-9.]+)' }] });
    expect((argumentsOf(machine, 'TuneModel')['TrainingJobDefinition'] as { StaticHyperParameters: unknown }).StaticHyperParameters).toMatchObject({ rate: '1', sagemaker_program: '"train.py"' });
  });

  it('takes the account of its image from a mapping where the region is known at deployment alone', () => {
    const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false, context: { ...flags, 'slipway:handlerBundles': tinyBundles() } });
    const { template } = render({ algorithm: framework() }, new Stack(app, 'Anywhere'));
    expect(Object.values(template.findMappings('*')).find((mapping) => 'us-east-1' in mapping)).toMatchObject({ 'us-east-1': { account: '763104351884' }, 'ap-east-1': { account: '871362719292' } });
  });

  it('needs the account of its image where nobody knows it', () => {
    const elsewhere = () => new Stack(testApp(), 'Stack', { env: { account: '123456789012', region: 'af-south-1' } });
    expect(() => render({ algorithm: framework() }, elsewhere())).toThrow(/no account is known that holds the image pytorch-training:.* in af-south-1\. Pass imageAccount/);
    const { machine } = render({ algorithm: framework({ framework: TrainingFramework.pytorch({ tag, imageAccount: '111122223333' }) }) }, elsewhere());
    expect(argumentsOf(machine, 'TrainModel')['AlgorithmSpecification']!['TrainingImage']).toMatch(/^111122223333\.dkr\.ecr\.af-south-1/);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['no tag', () => TrainingFramework.pytorch({ tag: '' }), /TrainingFramework\.pytorch.*tag.*expected the tag of an image/],
    ['a tag with its repository', () => TrainingFramework.tensorflow({ tag: 'tensorflow-training:2.18' }), /TrainingFramework\.tensorflow.*expected the tag of an image/],
    ['an account that is none', () => TrainingFramework.pytorch({ tag, imageAccount: '12' } satisfies TrainingFrameworkOptions), /imageAccount.*twelve digits/],
    ['a folder that is not there', () => framework({ sourceDirectory: path.join(root, 'gone') }), /sourceDirectory.*expected a folder: there is none at .*gone/],
    ['a script that is not there', () => framework({ entryPoint: 'gone.py' }), /entryPoint.*expected a file in the source directory.*gone\.py/],
    ['a script outside of the folder', () => framework({ sourceDirectory: path.join(folder, 'lib'), entryPoint: '../train.py' }), /entryPoint.*expected a file in the source directory/],
    ['a folder for a script', () => framework({ entryPoint: 'lib' }), /entryPoint.*expected a file/],
    ['a hyperparameter of the image', () => framework({ hyperParameters: { sagemaker_program: 'x' } }), /sagemaker_program.*names that do not start with 'sagemaker_'/],
    ['the number of classes under a name of the image', () => framework({ classesHyperParameter: 'sagemaker_classes' }), /names that do not start with 'sagemaker_'/],
    ['the number of classes twice', () => framework({ classesHyperParameter: 'k', hyperParameters: { k: '3' } }), /Algorithm\.framework.*expected no k: the number of classes/],
    ['a program without a command', () => framework({ laptopProgram: { command: [], directory: '.' } }), /Algorithm\.framework.*laptopProgram\.command/],
  ])('is refused with %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the script on the laptop', () => {
  it('is started by the runner, which is told of a program in its place by the script\'s archive', async () => {
    const app = testApp();
    const stack = testStack('Stack', app);
    const { platform, registry } = ground(stack);
    const pipeline = (name: string, algorithm: Algorithm) => new TrainingPipeline(stack, name, { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, algorithm });
    pipeline('Plain', framework());
    writeFileSync(path.join(source('other-script'), 'train.py'), '# another\n');
    pipeline('Replaced', framework({ sourceDirectory: path.join(root, 'other-script'), laptopProgram: { command: ['/venv/bin/python', 'train.py'], directory: folder } }));
    const programs = await declaredPrograms(app.synth().directory);
    expect(programs).toHaveLength(2);
    const [executable, runner, table] = programs[0]!.command;
    expect([executable, runner]).toEqual([process.execPath, expect.stringMatching(/containers\/framework\/run\.ts$/)]);
    expect(Object.entries(JSON.parse(table!) as object)).toEqual([[expect.stringMatching(/^[0-9a-f]{64}\.tgz$/), { command: ['/venv/bin/python', 'train.py'], directory: folder }]]);
    expect(programs[0]!.image.test(`763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:${tag}`)).toBe(true);
  });
});
