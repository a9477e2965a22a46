import type { LabelledMatrix } from '../matrix.ts';
import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import { objectiveNamed as scoringNamed } from '../xgboost/objective.ts';
import { binColumn, cutsOf, hasMissing } from './cuts.ts';
import type { Cuts } from './cuts.ts';
import { outputsFor } from './objectives/objectives.ts';
import { blockRows, shared } from './shared.ts';
import type { SharedRows, SharedState } from './shared.ts';

/** Slots for histograms that all shards hold at most, in bytes. */
const slotBytes = 64 * 2 ** 20;

/** Bins the data and lays out the memory that the threads share. */
export function prepare(
  train: LabelledMatrix, validation: LabelledMatrix | undefined, parameters: XGBoostParameters, shards: number,
): { state: SharedState; cuts: readonly Cuts[] } {
  const features = train.columns.length;
  const cuts = train.columns.map((column, feature) => {
    const name = train.names[feature] ?? `f${String(feature)}`;
    const missingHere = hasMissing(column, name);
    const missingThere = validation !== undefined && hasMissing(validation.columns[feature] as Float32Array, name);
    const missing = missingHere || missingThere;
    // 256 codes fill a byte: a feature with missing values has one bin less.
    const bins = missing && parameters.maxBin === 256 ? 255 : parameters.maxBin;
    return cutsOf(column, bins, missing, train.weight);
  });
  const codes = Math.max(...cuts.map((cut) => cut.thresholds.length + (cut.missing ? 1 : 0)));
  const stride = 2 ** Math.ceil(Math.log2(Math.max(2, codes)));
  const outputs = outputsFor(parameters);
  const start = scoringNamed(parameters.objective).toMargin(parameters.baseScore);
  const slots = Math.max(1, Math.min(512, Math.floor(slotBytes / (features * stride * 16 * shards))));
  const state: SharedState = {
    features,
    stride,
    train: sharedRows(train, cuts, stride, outputs, start),
    validation: validation === undefined ? undefined : sharedRows(validation, cuts, stride, outputs, start),
    gradients: shared.int32(train.rows * 2 * outputs),
    order: shared.int32(train.rows),
    scratch: shared.int32(train.rows),
    histograms: shared.float64(shards * slots * features * stride * 2),
    slots,
    shards,
    objective: parameters.objective,
    outputs,
    scalePosWeight: parameters.scalePosWeight,
    maxDeltaStep: Math.fround(parameters.maxDeltaStep),
    subsample: parameters.subsample,
    seed: parameters.seed,
  };
  return { state, cuts };
}

function sharedRows(matrix: LabelledMatrix, cuts: readonly Cuts[], stride: number, outputs: number, start: number): SharedRows {
  const features = cuts.length;
  const codes = stride > 256 ? shared.uint16 : shared.uint8;
  const bins = codes(matrix.rows * features);
  const columns = cuts.map((cut, feature) => {
    const column = codes(matrix.rows);
    binColumn(cut, matrix.columns[feature] as Float32Array, column);
    for (let row = 0; row < matrix.rows; row++) bins[row * features + feature] = column[row] as number;
    return column;
  });
  const label = shared.float32(matrix.rows);
  label.set(matrix.label);
  const weight = matrix.weight === undefined ? undefined : shared.float32(matrix.rows);
  weight?.set(matrix.weight as Float32Array);
  const margin = shared.float32(matrix.rows * outputs);
  margin.fill(start);
  const blocks = (): Float64Array => shared.float64(Math.ceil(matrix.rows / blockRows));
  return {
    rows: matrix.rows, bins, columns, label, weight, margin,
    totalWeight: weight?.reduce((sum, value) => sum + value, 0) ?? matrix.rows,
    largestWeight: weight?.reduce((largest, value) => Math.max(largest, value), 0) ?? 1,
    blockLoss: blocks(), blockGradient: blocks(), blockHessian: blocks(),
  };
}
