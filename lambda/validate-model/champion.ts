import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { RawColumns } from '../../model/data/raw-columns.ts';
import type { ChampionResult } from '../../model/evaluation/champion.ts';
import { classOrder, incomparable, sharedData, type TrainedOn } from '../../model/evaluation/comparable.ts';
import { comparePaired } from '../../model/evaluation/paired/paired.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { ArtifactMismatch, DataNotFound, messageOf } from '../shared/errors.ts';
import { ifThere, readJson } from '../shared/objects.ts';
import { datasetSpecSchema, type Run, splitSpecSchema, splitSummarySchema } from '../shared/payload.ts';
import type { ServedModel } from '../../model/serving/record.ts';
import { readRecord } from '../shared/record-store.ts';
import { formatS3Uri, type ObjectLocation } from '../shared/s3-uri.ts';
import { type ModelContent, openArtifact, Predictor } from './opened-model.ts';

/** The challenger and what it is compared on. */
export interface Challenge {
  readonly run: Run;
  readonly description: ModelDescription;
  readonly trainedOn: TrainedOn;
  readonly rows: RawColumns;
  readonly predictions: Float32Array;
  /** Where the deployment record lies. */
  readonly record: ObjectLocation;
  /** The folder of this pipeline's model artifacts, ending in `/`: others cannot be read. */
  readonly models: ObjectLocation;
  /** The file in which a run keeps what it was evaluated on. */
  readonly evaluatedBy: (run: string) => ObjectLocation;
  readonly folder: string;
}

/** Compares the challenger with the model that the deployment record names as stable, on the challenger's held-out rows. */
export async function challengeChampion(challenge: Challenge): Promise<ChampionResult> {
  const current = await readRecord(challenge.record);
  if (current === undefined) return none('no model is served yet, so this one would be the first');
  if (current.record.run === challenge.run.name) return none('what is served was deployed by this very run');
  const { stable } = current.record;
  const content = await contentOf(stable, challenge);
  if (typeof content === 'string') return different(stable, content);
  const reason = incomparable(content.description, challenge.description);
  if (reason !== undefined) return different(stable, reason);

  const { description, rows, predictions } = challenge;
  const champion = inOrder(await Predictor.use(content, (predictor) => predictor.predict(rows.columns, rows.rows)), content.description, description);
  const { task, classes } = description;
  const comparison = comparePaired({ task, labels: rows.label, challenger: predictions, champion, ...(classes === undefined ? {} : { classes }) });
  const { modelVersion, modelPackageArn } = stable;
  return {
    report: { state: 'compared', modelVersion, modelPackageArn, rows: rows.rows, metrics: comparison.metrics, data: sharedData(challenge.trainedOn, await trainedOn(challenge, stable)) },
    evidence: { state: 'compared', modelVersion, at: comparison.at },
  };
}

function none(reason: string): ChampionResult {
  return { report: { state: 'none', reason }, evidence: { state: 'none', reason } };
}

function different({ modelVersion, modelPackageArn }: ServedModel, reason: string): ChampionResult {
  return { report: { state: 'incomparable', modelVersion, modelPackageArn, reason }, evidence: { state: 'incomparable', modelVersion, reason } };
}

/** The champion's artifact, or why it cannot be used: a model that is gone or was changed says nothing, and is no reason to fail the run. */
async function contentOf({ artifact }: ServedModel, { models, folder }: Challenge): Promise<ModelContent | string> {
  if (artifact.bucket !== models.bucket || !artifact.key.startsWith(models.key)) {
    return `its artifact, ${formatS3Uri(artifact)}, is not of this pipeline, which reads ${formatS3Uri(models)} alone`;
  }
  const own = path.join(folder, 'champion');
  await mkdir(own);
  try {
    return await openArtifact(artifact, own);
  } catch (error) {
    if (error instanceof DataNotFound || error instanceof ArtifactMismatch) return messageOf(error).replace(/\.$/, '');
    throw error;
  }
}

/** The champion's probabilities in the order of the challenger's classes. */
function inOrder(predictions: Float32Array, champion: ModelDescription, { classes = [] }: ModelDescription): Float32Array {
  const order = classOrder(champion.classes ?? [], classes);
  if (order === undefined) return predictions;
  return predictions.map((_, index) => predictions[index - (index % order.length) + (order[index % order.length] as number)] as number);
}

const evaluatedSchema = z.object({
  trainedOn: z.object({ dataset: z.object({ sha256: z.string().optional() }), schema: datasetSpecSchema, splitSpec: splitSpecSchema, split: splitSummarySchema }),
});

/** What the champion was trained on, from the file that its own evaluation left; models from before have none. */
async function trainedOn({ models, evaluatedBy }: Challenge, { artifact }: ServedModel): Promise<TrainedOn | undefined> {
  const run = artifact.key.slice(models.key.length).split('/')[0] ?? '';
  const found = await ifThere(readJson(evaluatedBy(run)));
  const parsed = evaluatedSchema.safeParse(found?.value);
  // Written by a version of Slipway that splits in other ways: as good as not known.
  if (!parsed.success) return undefined;
  const { dataset, ...more } = parsed.data.trainedOn;
  return { dataset: dataset.sha256 === undefined ? {} : { sha256: dataset.sha256 }, ...more };
}
