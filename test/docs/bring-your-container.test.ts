import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DescribeModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLaptopFile } from '../../bin/cli/connection.ts';
import type { Laptop } from '../../local/index.ts';
import { exampleCsv } from '../../scripts/example-data/csv.ts';
import { slipway } from '../bin/support.ts';
import { startApp, synthesiseApp } from '../e2e/pipeline-app.ts';

const guide = await readFile(path.resolve(import.meta.dirname, '../../docs/guides/bring-your-container.md'), 'utf8');
const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap((block) => block[1]!.trimEnd().split('\n'));
const directory = mkdtempSync(path.join(tmpdir(), 'own-container-'));
const state = path.join(directory, 'state');

/** A command of the guide: its words, quotes undone. */
const wordsOf = (line: string): string[] => [.../^npm run slipway -- (.*?)(?: +#.*)?$/.exec(line)![1]!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

describe('the guide to containers, on the laptop', () => {
  let laptop: Laptop;
  beforeAll(async () => {
    const [data, up] = commands;
    expect(data).toBe('npm run example-data -- penguins penguins.csv');
    writeFileSync(path.join(directory, 'penguins.csv'), exampleCsv('penguins'));
    expect(wordsOf(up!)).toEqual(['up', '-c', 'example=container']);
    laptop = await startApp(synthesiseApp(directory, { example: 'container' }), state);
    await writeLaptopFile(state, { awsEndpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: laptop.region, apis: laptop.apis, pid: process.pid });
  }, 120_000);
  afterAll(async () => {
    await laptop?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('trains the container, takes its ONNX model through the gates and serves it', async () => {
    const [run, predict] = commands.slice(2).map(wordsOf);
    const ran = await slipway(...run!.map((word) => (word === 'penguins.csv' ? path.join(directory, word) : word)), '--json', '--state', state);
    expect(ran.error).toBeUndefined();
    const result = JSON.parse(ran.stdout.trim().split('\n').at(-1)!) as { status: string; trainer: string; metrics: Record<string, number>; modelPackageArn: string };
    expect(result, ran.stdout).toMatchObject({ status: 'SUCCEEDED', trainer: 'examples/container 1' });
    expect(result.metrics['accuracy']).toBeGreaterThan(0.9);

    const answered = await slipway(...predict!, '--json', '--state', state);
    expect(answered.error).toBeUndefined();
    expect(JSON.parse(answered.stdout)).toMatchObject({ prediction: 'Gentoo', modelName: 'own-container' });

    const sagemaker = new SageMakerClient({ endpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: laptop.region });
    const model = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: result.modelPackageArn }));
    sagemaker.destroy();
    expect(model.CustomerMetadataProperties).toMatchObject({ 'hyperparameter.num_class': '3', 'hyperparameter.epochs': '200' });
  }, 120_000);
});
