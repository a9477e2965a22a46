import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Column, Dataset, Label } from '../../model/spec/dataset.ts';
import { Feature } from '../../model/spec/feature.ts';
import { parseHyperparameters } from '../../model/spec/hyperparameter-parser.ts';
import { Split } from '../../model/spec/split.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { modelFiles } from '../../model/serving/model-files.ts';

const name = 'trips';

const schema = new Dataset({
  columns: [Column.timestamp('start', { nullable: false }), Column.number('distance', { minimum: 0 }), Column.string('station'), Column.number('delay')],
  label: Label.above('delay', 15, 'late'),
}).toJSON();
const features = [Feature.hourOfDay('start'), Feature.numeric('distance'), Feature.category('station')].map((feature) => feature.toJSON());
const rows = 3000;

/**
 * Trains a small model on rows that are made up, for who wants to see a model serve before there is one: trips are late in the evening, and from one of three stations.
 * The same model each time.
 * @param folder takes the model's files
 */
export async function trainSampleModel(folder: string): Promise<void> {
  // Loaded here: no other command needs them all.
  const [{ prepareDataset }, { readMatrix }, { train, trainerName }, { toOnnx }] = await Promise.all([
    import('../../model/data/prepare.ts'),
    import('../../model/data/matrix.ts'),
    import('../../model/trainer/train.ts'),
    import('../../model/onnx/convert.ts'),
  ]);
  const work = await mkdtemp(path.join(tmpdir(), 'slipway-sample-'));
  try {
    const file = path.join(work, 'trips.csv');
    await writeFile(file, trips());
    const prepared = await prepareDataset({ file, schema, features, split: Split.byRowHash().toJSON(), outDir: path.join(work, 'prepared'), memoryMb: 256 });
    const { parameters, errors } = parseHyperparameters({ objective: 'binary:logistic', num_round: '50', max_depth: '4', eta: '0.2', base_score: '0.5' });
    if (parameters === undefined) throw new Error(`The sample's own hyperparameters are refused: ${JSON.stringify(errors)}`);
    const booster = await train({ train: await readMatrix([path.join(work, 'prepared/train/data.parquet')], { memoryMb: 256 }), parameters });
    const description: ModelDescription = {
      version: 1,
      name,
      schema,
      features: prepared.fitted,
      task: 'binary',
      objective: booster.objective,
      trainer: trainerName,
      trainedAt: new Date().toISOString(),
      rounds: booster.trees.length,
      graph: {
        inputs: prepared.fitted.map((feature) => ({ name: feature.name, type: feature.encoding === undefined ? 'float' : 'string' })),
        outputs: [{ name: 'probabilities', type: 'float' }],
      },
    };
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, modelFiles.onnx), toOnnx(booster, prepared.fitted, { model: name }));
    await writeFile(path.join(folder, modelFiles.description), `${JSON.stringify(description, null, 2)}\n`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function trips(): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const hour = (row * 7) % 24;
    const station = ['north', 'south', 'east'][row % 3]!;
    const distance = row % 11 === 0 ? '' : String(((row * 37) % 400) / 10);
    const delay = (hour > 16 ? 12 : 0) + (station === 'north' ? 6 : 0) + ((row * 13) % 9);
    return `2026-03-${String(1 + (row % 28)).padStart(2, '0')}T${String(hour).padStart(2, '0')}:${String(row % 60).padStart(2, '0')}:00,${distance},${station},${String(delay)}`;
  });
  return `start,distance,station,delay\n${lines.join('\n')}\n`;
}
