import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from '../shared/archive.ts';
import { modelFiles } from '../../model/serving/model-files.ts';
import { ArtifactInvalid } from '../shared/errors.ts';

/** A trained model as its training job left it. */
export interface SourceModel {
  readonly kind: keyof typeof sourceFiles;
  readonly bytes: Uint8Array;
}

/**
 * The model in the unpacked folder of a training job: trees of XGBoost, or a graph.
 * @throws ArtifactInvalid where there is none, or both
 */
export async function readSource(folder: string, from: string): Promise<SourceModel> {
  const found = await readdir(folder);
  const kinds = (['booster', 'onnx'] as const).filter((kind) => found.includes(written[kind]));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    throw new ArtifactInvalid(`${from} holds ${found.join(', ') || 'nothing'}, expected one of ${written.booster}, which XGBoost's training image saves, and ${written.onnx}, which a container of your own saves.`);
  }
  return { kind, bytes: await readFile(path.join(folder, written[kind])) };
}

/** What a container writes into /opt/ml/model. */
const written = { booster: sourceFiles.booster, onnx: modelFiles.onnx } as const;
