import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Token } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { declaredPrograms } from '../../../bin/cli/declared-programs.ts';
import { Algorithm, ChannelFormat, Column, DataDistribution, Dataset, Feature, Label, TrainingImage } from '../../../lib/index.ts';
import type { ContainerProps } from '../../../lib/index.ts';
import { statementsOf, testApp, testStack } from '../support.ts';
import { argumentsOf, render } from '../pipeline/render.ts';

const uri = '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/train:1.0';
const folder = path.resolve(import.meta.dirname, '../../../examples/container/image');
const container = (props: Partial<ContainerProps> = {}) => Algorithm.container({ image: TrainingImage.fromUri(uri), ...props });
const trainModel = (props: Partial<ContainerProps>, more = {}) => argumentsOf(render({ algorithm: container(props), ...more }).machine, 'TrainModel');

describe('a container of one\'s own', () => {
  it('trains on Parquet with nothing but its image', () => {
    const { machine, template } = render({ algorithm: container() });
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({ AlgorithmSpecification: { TrainingImage: uri }, HyperParameters: {}, InputDataConfig: [{ ContentType: 'application/x-parquet' }, {}] });
    expect(argumentsOf(machine, 'PrepareData')['Payload']).toMatchObject({ training: { contentType: 'application/x-parquet', parts: 1 } });
    expect(statementsOf(template, /^FlightsTrainingRole/).find(({ actions }) => actions.includes('ecr:BatchGetImage'))?.resources).toEqual(['arn:aws:ecr:us-east-1:123456789012:repository/team/train']);
  });

  it('gets what its props say', () => {
    const { machine } = render({ algorithm: container({ hyperParameters: { epochs: '3' }, channelFormat: ChannelFormat.CSV, dataDistribution: DataDistribution.SHARDED_BY_S3_KEY }), instanceCount: 2 });
    expect(argumentsOf(machine, 'TrainModel')).toMatchObject({
      HyperParameters: { epochs: '3' },
      InputDataConfig: [{ ContentType: 'text/csv', DataSource: { S3DataSource: { S3DataDistributionType: 'ShardedByS3Key' } } }, { ContentType: 'text/csv' }],
    });
    expect(argumentsOf(machine, 'PrepareData')['Payload']).toMatchObject({ training: { contentType: 'text/csv', parts: 2 } });
    expect(trainModel({}, { instanceCount: 2 })['InputDataConfig']).toMatchObject([{ DataSource: { S3DataSource: { S3DataDistributionType: 'FullyReplicated' } } }, {}]);
  });

  it('is told the number of classes under its own name, of a label that has some', () => {
    const classes = { dataset: new Dataset({ columns: [Column.string('species'), Column.number('mass')], label: Label.category('species') }), features: [Feature.numeric('mass')] };
    expect(trainModel({ classesHyperParameter: 'k' }, classes)['HyperParameters']).toEqual({ k: '{% $string($prepared.classes) %}' });
    expect(trainModel({ classesHyperParameter: 'k' })['HyperParameters']).toEqual({});
  });

  it('comes from a repository, which the training role alone may pull from', () => {
    const stack = testStack();
    const repository = new Repository(stack, 'Images', { repositoryName: 'images' });
    const { template, machine } = render({ algorithm: container({ image: TrainingImage.fromEcrRepository(repository, { digest: `sha256:${'a'.repeat(64)}` }) }) }, stack);
    expect((argumentsOf(machine, 'TrainModel')['AlgorithmSpecification'] as { TrainingImage: string }).TrainingImage).toMatch(/@sha256:a{64}$/);
    expect(statementsOf(template, /^FlightsTrainingRole/).find(({ actions }) => actions.includes('ecr:BatchGetImage'))?.resources[0]).toContain('Images');
  });

  it('is built from a folder, without Docker at synth', () => {
    const { machine, template } = render({ algorithm: container({ image: TrainingImage.fromAsset(folder, { file: 'Dockerfile', buildArgs: { A: '1' } }) }) });
    expect((argumentsOf(machine, 'TrainModel')['AlgorithmSpecification'] as { TrainingImage: string }).TrainingImage).toMatch(/container-assets-.*:[0-9a-f]{64}/);
    expect(statementsOf(template, /^FlightsTrainingRole/).find(({ actions }) => actions.includes('ecr:BatchGetImage'))?.resources[0]).toContain('container-assets');
  });

  it.each<[string, () => unknown, RegExp]>([
    ['an image of nobody', () => TrainingImage.fromUri('train:latest'), /expected an image of Amazon ECR with its tag or digest/],
    ['an image that is not known', () => TrainingImage.fromUri(Token.asString({ Ref: 'Image' })), /use fromEcrRepository/],
    ['an image without a version', () => TrainingImage.fromEcrRepository(Repository.fromRepositoryName(testStack(), 'I', 'i'), {}), /expected a tag or a digest/],
    ['an image with two versions', () => TrainingImage.fromEcrRepository(Repository.fromRepositoryName(testStack(), 'I', 'i'), { tag: '1', digest: 'sha256:1' }), /expected a tag or a digest/],
    ['the number of classes twice', () => container({ classesHyperParameter: 'k', hyperParameters: { k: '3' } }), /expected no k: the number of classes comes from the training data/],
    ['a program without a command', () => container({ laptopProgram: { command: [], directory: '.' } }), /laptopProgram\.command.*expected a program and its arguments/],
  ])('is refused with %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the program of a container on the laptop', () => {
  const outdirs: string[] = [];
  afterAll(() => outdirs.forEach((outdir) => rmSync(outdir, { recursive: true })));

  it('is found for its image, however the template names that', async () => {
    const app = testApp();
    const stack = testStack('Stack', app);
    const repository = new Repository(stack, 'Images');
    const { pipeline } = render({ algorithm: container({ image: TrainingImage.fromEcrRepository(repository, { tag: 'v7' }), laptopProgram: { command: ['node', 'train.mjs'], directory: folder } }) }, stack);
    expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Metadata');
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('train.mjs');
    expect(pipeline.node.metadata.some(({ type }) => type === 'slipway:laptop-program')).toBe(true);
    const programs = await declaredPrograms(app.synth().directory);
    expect(programs).toMatchObject([{ command: ['node', 'train.mjs'], directory: folder }]);
    expect(programs[0]!.image.test('000000000000.dkr.ecr.us-east-1.amazonaws.com/stack-images-1a2b:v7')).toBe(true);
    expect(programs[0]!.image.test('000000000000.dkr.ecr.us-east-1.amazonaws.com/stack-images-1a2b:v8')).toBe(false);
  });

  it('is missed by name where its folder is gone', async () => {
    const gone = mkdtempSync(path.join(tmpdir(), 'gone-'));
    const app = testApp();
    render({ algorithm: container({ laptopProgram: { command: ['node', 'x'], directory: gone } }) }, testStack('Stack', app));
    const { directory } = app.synth();
    rmSync(gone, { recursive: true });
    await expect(declaredPrograms(directory)).rejects.toThrow(/`node x` in .*gone-.* does not exist/);
  });
});
