import { availableParallelism } from 'node:os';
import type { LabelledMatrix } from '../matrix.ts';
import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import type { Booster } from '../xgboost/booster.ts';
import { Boosting } from './boost.ts';
import { dataProblems } from './check.ts';
import type { RoundMetric } from './evaluation.ts';
import { Grower } from './grower.ts';
import { objectiveNamed, outputsFor } from './objectives/objectives.ts';
import { ShardPool } from './pool.ts';
import { prepare } from './prepare.ts';
import { binnedTree, restoreStopping, resumeProblems } from './resume.ts';
import { TrainingError, unsupported } from './supported.ts';

/** What the trainer calls itself, in the booster's attribute `trainer`. */
export const trainerName = 'slipway-histogram 0.1.0';

/** Below this many cells, starting threads takes longer than they save. */
const cellsWorthAThread = 400_000;

/** What a round has led to. */
export interface Round {
  readonly round: number;
  readonly metrics: readonly RoundMetric[];
}

/** What to train on, and how. */
export interface TrainOptions {
  readonly train: LabelledMatrix;
  /** What early stopping watches. @default - none; early stopping is then refused */
  readonly validation?: LabelledMatrix;
  readonly parameters: XGBoostParameters;
  /** A round's checkpoint of a training with the same data and hyperparameters; the model becomes the same to the byte. @default - starts anew */
  readonly resumeFrom?: Booster;
  /** The model is the same for any number. @default - the hyperparameter nthread, else one per processor, fewer for small data */
  readonly threads?: number;
  /** Told after each round; a checkpoint holds all trees so far and the early stopping's state: what `resumeFrom` takes. */
  readonly onRound?: (round: Round, checkpoint: () => Booster) => void;
  /** Ends the training after the current round, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Histogram gradient boosting with XGBoost's semantics (`hist`, depth-wise). Labels are 0 or 1, a class's index, a number
 * or a count, as the objective has it. After early stopping only the trees up to the best round are kept, as SageMaker's
 * image does (`save_best`).
 * @throws TrainingError where data or hyperparameters cannot be trained on
 */
export async function train(options: TrainOptions): Promise<Booster> {
  const { parameters, validation, resumeFrom } = options;
  const problems = [...unsupported(parameters), ...dataProblems(options.train, validation, parameters)];
  if (parameters.earlyStoppingRounds !== undefined && validation === undefined) {
    problems.push("Hyperparameter 'early_stopping_rounds' needs validation data, found none: add a channel 'validation'.");
  }
  if (resumeFrom !== undefined) problems.push(...resumeProblems(resumeFrom, parameters, options.train.columns.length));
  if (problems.length > 0) throw new TrainingError(problems);
  const { state, cuts } = prepare(options.train, validation, parameters, threadsFor(options));
  const pool = new ShardPool(state);
  try {
    const boosting = new Boosting(state, pool, new Grower(state, pool, cuts, parameters), parameters, resumeFrom?.trees ?? []);
    if (resumeFrom !== undefined) {
      if (boosting.stopping !== undefined) restoreStopping(boosting.stopping, resumeFrom);
      await pool.run({ kind: 'replay', trees: resumeFrom.trees.map((tree, index) => ({ output: index % state.outputs, tree: binnedTree(tree, cuts) })) });
    }
    await boost(options, boosting);
    const { stopping } = boosting;
    return boosterOf(options, boosting, stopping === undefined ? boosting.rounds : stopping.bestRound + 1);
  } finally {
    await pool.close();
  }
}

async function boost(options: TrainOptions, boosting: Boosting): Promise<void> {
  if (boosting.isOver) return;
  await boosting.start();
  while (!boosting.isOver) {
    options.signal?.throwIfAborted();
    const round = boosting.rounds;
    const metrics = await boosting.round();
    options.onRound?.({ round, metrics }, () => boosterOf(options, boosting, boosting.rounds));
  }
}

function boosterOf({ train: data, parameters }: TrainOptions, { trees, stopping }: Boosting, rounds: number): Booster {
  const outputs = outputsFor(parameters);
  const kept = trees.slice(0, rounds * outputs);
  return {
    version: [2, 1, 0],
    objective: parameters.objective,
    objectiveParameters: objectiveNamed(parameters.objective).fields({ ...parameters, outputs }),
    baseScore: parameters.baseScore,
    numFeatures: data.columns.length,
    numClass: parameters.objective.startsWith('multi:') ? outputs : 0,
    trees: kept,
    treeInfo: Int32Array.from(kept, (_, index) => index % outputs),
    featureNames: data.names,
    featureTypes: data.names.map(() => 'float'),
    attributes: {
      trainer: trainerName,
      ...(stopping === undefined ? {} : { best_iteration: String(stopping.bestRound), best_score: String(stopping.bestScore) }),
    },
  };
}

function threadsFor(options: TrainOptions): number {
  if (options.train.rows * options.train.columns.length < cellsWorthAThread && options.threads === undefined) return 1;
  return Math.max(1, options.threads ?? options.parameters.nthread ?? availableParallelism());
}
