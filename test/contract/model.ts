import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { packModel, sourceFiles } from '../../lambda/shared/archive.ts';
import { readMatrix } from '../../model/data/matrix.ts';
import { prepareDataset } from '../../model/data/prepare.ts';
import { toOnnx } from '../../model/onnx/convert.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { modelFiles } from '../../model/serving/model-files.ts';
import { Column, Dataset, Label } from '../../model/spec/dataset.ts';
import { Feature } from '../../model/spec/feature.ts';
import { parseHyperparameters } from '../../model/spec/hyperparameter-parser.ts';
import { Split } from '../../model/spec/split.ts';
import { train, trainerName } from '../../model/trainer/train.ts';
import { writeUbjson } from '../../model/xgboost/write.ts';

/** The model that every target of the contract suite serves: each type of column, values that may be missing and one that may not. */
export const schema = new Dataset({
  columns: [
    Column.timestamp('start', { nullable: false }),
    Column.number('distance', { minimum: 0 }),
    Column.integer('passengers', { minimum: 1, maximum: 9 }),
    Column.boolean('weekend'),
    Column.string('station', { categories: ['north', 'south', 'east, "old"', 'west'] }),
    Column.string('note'),
    Column.number('delay'),
  ],
  label: Label.above('delay', 15, 'late'),
}).toJSON();

/** Its name, and the version that it has where a target is told one. */
export const modelName = 'trips';

const features = [Feature.hourOfDay('start'), Feature.numeric('distance'), Feature.numeric('passengers'), Feature.numeric('weekend'), Feature.category('station')].map((feature) => feature.toJSON());

function trips(): string {
  const lines = Array.from({ length: 3000 }, (_, row) => {
    const hour = (row * 7) % 24;
    const station = ['north', 'south', '"east, ""old"""', 'west'][row % 4]!;
    const distance = row % 11 === 0 ? '' : String(((row * 37) % 400) / 10);
    const passengers = 1 + ((row * 5) % 9);
    const delay = (hour > 16 ? 12 : 0) + (station === 'north' ? 6 : 0) + ((row * 13) % 9) - (passengers > 5 ? 2 : 0);
    return `2026-03-${String(1 + (row % 28)).padStart(2, '0')}T${String(hour).padStart(2, '0')}:${String(row % 60).padStart(2, '0')}:00,${distance},${String(passengers)},${String(row % 7 > 4)},${station},,${String(delay)}`;
  });
  return `start,distance,passengers,weekend,station,note,delay\n${lines.join('\n')}\n`;
}

/** Trains the model into a folder: `model.onnx`, `model.json`, and what they were made of. The same bytes each time. */
export async function trainContractModel(folder: string): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'contract-model-'));
  try {
    const file = path.join(work, 'trips.csv');
    await writeFile(file, trips());
    const prepared = await prepareDataset({ file, schema, features, split: Split.byRowHash().toJSON(), outDir: path.join(work, 'prepared'), memoryMb: 256 });
    const { parameters, errors } = parseHyperparameters({ objective: 'binary:logistic', num_round: '20', max_depth: '4', eta: '0.3', base_score: '0.5', seed: '7' });
    if (parameters === undefined) throw new Error(JSON.stringify(errors));
    const booster = await train({ train: await readMatrix([path.join(work, 'prepared/train/data.parquet')], { memoryMb: 256 }), parameters, threads: 1 });
    const description: ModelDescription = {
      version: 1,
      name: modelName,
      schema,
      features: prepared.fitted,
      task: 'binary',
      objective: booster.objective,
      trainer: trainerName,
      trainedAt: '2026-11-20T12:00:00.000Z',
      rounds: booster.trees.length,
      graph: {
        inputs: prepared.fitted.map((feature) => ({ name: feature.name, type: feature.encoding === undefined ? 'float' : 'string' })),
        outputs: [{ name: 'probabilities', type: 'float' }],
      },
    };
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, modelFiles.onnx), toOnnx(booster, prepared.fitted, { model: modelName }));
    await writeFile(path.join(folder, sourceFiles.booster), writeUbjson(booster));
    await writeFile(path.join(folder, modelFiles.description), `${JSON.stringify(description, null, 2)}\n`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

let trained: Promise<string> | undefined;

/** A folder with the model's files, the same one for all suites of a process. */
export function contractModel(): Promise<string> {
  return (trained ??= (async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'contract-'));
    await trainContractModel(folder);
    return folder;
  })());
}

/** Packs the model as ConvertModel does: `model.tar.gz` with its manifest. */
export async function packContractModel(archive: string): Promise<void> {
  await packModel(await contractModel(), [...Object.values(modelFiles), sourceFiles.booster], archive);
}
