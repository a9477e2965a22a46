import { availableParallelism } from 'node:os';
import type { LabelledMatrix } from '../matrix.ts';
import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import type { Booster, RegressionTree } from '../xgboost/booster.ts';
import { dataProblems } from './check.ts';
import { defaultMetric, EarlyStopping, isMaximized, roundMetric } from './evaluation.ts';
import type { RoundMetric } from './evaluation.ts';
import { Grower } from './grower.ts';
import { ShardPool } from './pool.ts';
import { prepare } from './prepare.ts';
import type { SharedState } from './shared.ts';
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
  /** The model is the same for any number. @default - the hyperparameter nthread, else one per processor, fewer for small data */
  readonly threads?: number;
  readonly onRound?: (round: Round) => void;
  /** Ends the training after the current round, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Histogram gradient boosting for `binary:logistic`, with XGBoost's semantics (`hist`, depth-wise). After early
 * stopping only the trees up to the best round are kept, as SageMaker's image does (`save_best`).
 * @throws TrainingError where data or hyperparameters cannot be trained on
 */
export async function train(options: TrainOptions): Promise<Booster> {
  const { parameters, validation } = options;
  const problems = [...unsupported(parameters), ...dataProblems(options.train, validation)];
  if (parameters.earlyStoppingRounds !== undefined && validation === undefined) {
    problems.push("Hyperparameter 'early_stopping_rounds' needs validation data, found none: add a channel 'validation'.");
  }
  if (problems.length > 0) throw new TrainingError(problems);
  const shards = threadsFor(options);
  const { state, cuts } = prepare(options.train, validation, parameters, shards);
  const pool = new ShardPool(state);
  try {
    const { trees, stopping } = await boost(options, state, pool, new Grower(state, pool, cuts, parameters));
    return booster(options.train, parameters, trees, stopping);
  } finally {
    await pool.close();
  }
}

async function boost(
  { parameters, signal, onRound }: TrainOptions, state: SharedState, pool: ShardPool, grower: Grower,
): Promise<{ trees: RegressionTree[]; stopping: EarlyStopping | undefined }> {
  const metrics = parameters.evalMetric.length > 0 ? parameters.evalMetric : [defaultMetric];
  const watched = metrics.at(-1) as string;
  const loss = metrics.includes('logloss');
  const stopping = parameters.earlyStoppingRounds === undefined ? undefined : new EarlyStopping(parameters.earlyStoppingRounds, isMaximized(watched));
  const trees: RegressionTree[] = [];
  await pool.run({ kind: 'round', last: undefined, nextRound: 0, loss: false });
  for (let round = 0; round < parameters.numRound; round++) {
    signal?.throwIfAborted();
    const grown = await grower.grow(round);
    trees.push(grown.tree);
    await pool.run({ kind: 'round', last: grown.finished, nextRound: round + 1 < parameters.numRound ? round + 1 : undefined, loss });
    const values = evaluate(state, metrics);
    onRound?.({ round, metrics: values });
    const score = values.findLast((value) => value.data === 'validation' && value.metric === watched)?.value;
    if (stopping !== undefined && score !== undefined && stopping.shouldStop(round, score)) break;
  }
  return { trees, stopping };
}

function evaluate(state: SharedState, metrics: readonly string[]): RoundMetric[] {
  const { train: trainRows, validation } = state;
  return [
    ...metrics.map((metric) => ({ data: 'train' as const, metric, value: roundMetric(metric, trainRows) })),
    ...(validation === undefined ? [] : metrics.map((metric) => ({ data: 'validation' as const, metric, value: roundMetric(metric, validation) }))),
  ];
}

function booster(data: LabelledMatrix, parameters: XGBoostParameters, trees: readonly RegressionTree[], stopping: EarlyStopping | undefined): Booster {
  const kept = stopping === undefined ? trees : trees.slice(0, stopping.bestRound + 1);
  return {
    version: [2, 1, 0],
    objective: parameters.objective,
    objectiveParameters: { reg_loss_param: { scale_pos_weight: String(parameters.scalePosWeight) } },
    baseScore: parameters.baseScore,
    numFeatures: data.columns.length,
    numClass: 0,
    trees: kept,
    treeInfo: new Int32Array(kept.length),
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
