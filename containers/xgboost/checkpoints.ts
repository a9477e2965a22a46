import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabelledMatrix } from '../../model/matrix.ts';
import type { Booster } from '../../model/xgboost/booster.ts';
import { readBooster } from '../../model/xgboost/read.ts';
import { writeUbjson } from '../../model/xgboost/write.ts';

/** How many of the latest checkpoints stay, as in SageMaker's image. */
const kept = 5;
/** Writing may take this share of the training's time: a checkpoint waits until the last one's cost has been earned. */
const writingShare = 0.05;
/** SageMaker uploads what the folder holds, but for such names, and marks the files that it is uploading. */
const temporarySuffix = '.sagemaker-ignore';
const uploadingSuffix = '.sagemaker-uploading';
const uploadedSuffix = '.sagemaker-uploaded';
/** The attribute that ties a checkpoint to its data and hyperparameters. */
const trainingAttribute = 'slipway_training';

/** A checkpoint that this training can go on from. */
export interface Checkpoint {
  readonly file: string;
  readonly booster: Booster;
}

/** What a look into the folder brought: the latest usable checkpoint, and why others are of no use. */
export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint | undefined;
  readonly unusable: readonly string[];
}

/** The checkpoints of one training: `xgboost-checkpoint.<round>` in a folder, each a model that XGBoost loads. */
export class CheckpointFolder {
  private readonly folder: string;
  private readonly training: string;
  private nextWrite = 0;

  /** @param training what `trainingDigest` says of the data and hyperparameters */
  constructor(folder: string, training: string) {
    this.folder = folder;
    this.training = training;
    mkdirSync(folder, { recursive: true });
  }

  /** The checkpoint of the latest round that can be read and is of this training. */
  latest(): FoundCheckpoint {
    const unusable: string[] = [];
    for (const round of this.rounds().reverse()) {
      const file = this.fileOf(round);
      try {
        const booster = readBooster(readFileSync(file));
        if (booster.attributes[trainingAttribute] === this.training) return { checkpoint: { file, booster }, unusable };
        unusable.push(`${file} is of other data or hyperparameters`);
      } catch (error) {
        unusable.push(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { checkpoint: undefined, unusable };
  }

  /** Writes a round's checkpoint whole or not at all, and removes older ones; skips the round while the last write is still to be earned. */
  offer(round: number, checkpoint: () => Booster, now: () => number = () => performance.now()): void {
    const start = now();
    if (start < this.nextWrite) return;
    const booster = checkpoint();
    const file = this.fileOf(round);
    const temporary = file + temporarySuffix;
    const attributes = { ...booster.attributes, [trainingAttribute]: this.training };
    writeFileSync(temporary, writeUbjson({ ...booster, attributes, featureNames: [], featureTypes: [] }));
    renameSync(temporary, file);
    this.removeBefore(round);
    const end = now();
    this.nextWrite = end + (end - start) / writingShare;
  }

  /** Later rounds are another training's: they neither count nor go. */
  private removeBefore(current: number): void {
    const names = new Set(readdirSync(this.folder));
    for (const round of this.rounds().filter((found) => found <= current).slice(0, -kept)) {
      const name = nameOf(round);
      // A file that is being uploaded waits for the next time.
      if (names.has(name + uploadingSuffix) && !names.has(name + uploadedSuffix)) continue;
      rmSync(this.fileOf(round), { force: true });
    }
  }

  private rounds(): number[] {
    const found = readdirSync(this.folder).map((name) => /^xgboost-checkpoint\.(\d+)$/.exec(name)?.[1]);
    return found.filter((round) => round !== undefined).map(Number).sort((a, b) => a - b);
  }

  private fileOf(round: number): string {
    return path.join(this.folder, nameOf(round));
  }
}

/** Tells trainings apart: the same digest means that the same model must come out. */
export function trainingDigest(trainer: string, hyperparameters: Readonly<Record<string, string>>, parts: readonly (LabelledMatrix | undefined)[]): string {
  const hash = createHash('sha256');
  // How many threads train, and how much is said, changes nothing about the model.
  const shaping = Object.entries(hyperparameters).filter(([name]) => name !== 'nthread' && name !== 'verbosity').sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify([trainer, shaping, parts.map((part) => part?.names), parts.map((part) => part?.weight !== undefined)]));
  for (const part of parts) {
    if (part === undefined) continue;
    for (const column of [part.label, ...(part.weight === undefined ? [] : [part.weight]), ...part.columns]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}

function nameOf(round: number): string {
  return `xgboost-checkpoint.${String(round)}`;
}
