import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readMatrix } from '../../model/data/matrix.ts';
import type { LabelledMatrix } from '../../model/matrix.ts';
import { ineffectiveHyperparameters, parseHyperparameters } from '../../model/spec/hyperparameter-parser.ts';
import type { XGBoostParameters } from '../../model/spec/hyperparameter-parser.ts';
import type { Booster } from '../../model/xgboost/booster.ts';
import { train, trainerName } from '../../model/trainer/train.ts';
import { writeUbjson } from '../../model/xgboost/write.ts';
import { CheckpointFolder, trainingDigest } from './checkpoints.ts';
import { JobConfigError, readJobConfig } from './config.ts';
import { metricLine } from './metric-line.ts';
import { withTuningObjective } from './tuning-objective.ts';

/** What reading the training files may take beside the matrix itself. */
const readMemoryMb = 384;

/**
 * Stands in for SageMaker's built-in XGBoost image: the same folder layout, hyperparameters, metric lines and artifact.
 * The base folder is SAGEMAKER_BASE_DIR, the variable of SageMaker's own training toolkit.
 */
async function main(base: string): Promise<void> {
  const config = await readJobConfig(base);
  const parameters = parametersOf(withTuningObjective(config.hyperparameters), config.channels.includes('validation'));
  const weights = hasWeights(parameters, config.isCsv);
  const validation = config.channels.includes('validation') ? await channel(base, 'validation', weights) : undefined;
  const data = await channel(base, 'train', weights);
  log(`Train matrix has ${String(data.rows)} rows and ${String(data.columns.length)} columns`);
  if (validation !== undefined) log(`Validation matrix has ${String(validation.rows)} rows`);
  const checkpoints = config.checkpoints === undefined ? undefined : new CheckpointFolder(config.checkpoints, trainingDigest(trainerName, parameters.given, [data, validation]));
  const resumeFrom = checkpoints === undefined ? undefined : resumable(checkpoints);
  const booster = await train({
    train: data,
    ...(validation === undefined ? {} : { validation }),
    ...(resumeFrom === undefined ? {} : { resumeFrom }),
    parameters,
    onRound: (round, checkpoint) => {
      console.log(metricLine(round));
      checkpoints?.offer(round.round, checkpoint);
    },
  });
  const { best_iteration: best, best_score: score } = booster.attributes;
  if (best !== undefined) log(`Early stopping: the best round is ${best} (${score ?? ''}); the model keeps the trees up to it`);
  const folder = path.join(base, 'model');
  await mkdir(folder, { recursive: true });
  // As from the image, the model knows its features by position alone.
  await writeFile(path.join(folder, 'xgboost-model'), writeUbjson({ ...booster, featureNames: [], featureTypes: [] }));
  log(`Trained ${String(booster.trees.length)} trees with ${trainerName}; the largest memory use was ${String(Math.round(process.resourceUsage().maxRSS / 1024))} MB`);
}

/** What an interrupted run of this very training left; says what happens. */
function resumable(checkpoints: CheckpointFolder): Booster | undefined {
  const { checkpoint, unusable } = checkpoints.latest();
  for (const reason of unusable) log(`WARNING: checkpoint not used: ${reason}`);
  if (checkpoint === undefined) {
    log('Checkpoints: none to resume from, starting at round 0');
    return undefined;
  }
  const { file, booster } = checkpoint;
  log(`Checkpoints: resuming from ${file} at round ${String(booster.trees.length / Math.max(1, booster.numClass))}`);
  return booster;
}

async function channel(base: string, name: string, weights: boolean): Promise<LabelledMatrix> {
  return readMatrix(path.join(base, 'input', 'data', name), { memoryMb: readMemoryMb, weights });
}

/** Whether the second column holds weights: as in the image, of CSV alone. */
function hasWeights({ given }: XGBoostParameters, isCsv: boolean): boolean {
  if (given.csv_weights !== '1') return false;
  if (!isCsv) log("WARNING: Hyperparameter 'csv_weights' has no effect on Parquet in SageMaker's XGBoost image, which takes the second column as a feature: use text/csv for all channels.");
  return isCsv;
}

function parametersOf(hyperparameters: Readonly<Record<string, string>>, hasValidation: boolean): XGBoostParameters {
  const { parameters, errors } = parseHyperparameters(hyperparameters);
  if (parameters === undefined) throw new JobConfigError(errors.map((error) => error.message).join('\n'));
  if (hyperparameters.base_score === undefined) log('base_score is not given: training from 0.5 (XGBoost 3 would estimate it; say it to get the same model everywhere)');
  const ineffective = ineffectiveHyperparameters(parameters, hasValidation);
  for (const warning of ineffective) log(`WARNING: ${warning}`);
  if (ineffective.length === 0) return parameters;
  const { earlyStoppingRounds: _ignored, ...rest } = parameters;
  return rest;
}

function log(message: string): void {
  console.log(`[${new Date().toISOString()}:INFO] ${message}`);
}

const base = process.env.SAGEMAKER_BASE_DIR ?? '/opt/ml';
try {
  await main(base);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(error instanceof JobConfigError ? reason : error);
  await mkdir(path.join(base, 'output'), { recursive: true });
  await writeFile(path.join(base, 'output', 'failure'), reason);
  process.exitCode = 1;
}
