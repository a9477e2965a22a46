import { availableParallelism } from 'node:os';
import type { RawColumns } from '../../model/data/raw-columns.ts';
import type { RawColumn } from '../../model/features/serving.ts';
import { OnnxModel } from '../../model/onnx/session.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { columnarGraphInputs } from '../../model/serving/inputs.ts';
import { servingSchema } from '../../model/serving/schema.ts';
import type { Booster } from '../../model/xgboost/booster.ts';

/** Rows of one call of the model: large enough to be fast, small enough to keep its texts in little memory. */
const batchRows = 16_384;

/** The probability of class 1 for each row, through the very path of serving: raw columns, graph inputs, the ONNX graph. */
export async function probabilitiesOf(onnx: Uint8Array, { features, schema }: ModelDescription, rows: RawColumns): Promise<Float32Array> {
  const model = await OnnxModel.load(onnx, { threads: availableParallelism() });
  try {
    const probabilities = new Float32Array(rows.rows);
    for (let from = 0; from < rows.rows; from += batchRows) {
      const to = Math.min(from + batchRows, rows.rows);
      const inputs = columnarGraphInputs((name) => slice(rows.columns[name] ?? [], from, to), features, servingSchema(schema));
      probabilities.set(await model.run(inputs, to - from), from);
    }
    return probabilities;
  } finally {
    await model.close();
  }
}

/** Each feature's share of what the trees gained by splitting on it, the largest first. */
export function importance(booster: Booster, names: readonly string[]): { feature: string; share: number }[] {
  const gains = new Float64Array(names.length);
  for (const tree of booster.trees) {
    tree.leftChildren.forEach((left, node) => {
      const feature = tree.splitIndices[node];
      if (left !== -1 && feature !== undefined) gains[feature] = (gains[feature] ?? 0) + (tree.lossChanges[node] ?? 0);
    });
  }
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  if (!(total > 0)) return [];
  return names.map((feature, index) => ({ feature, share: (gains[index] ?? 0) / total })).sort((left, right) => right.share - left.share);
}

function slice(column: RawColumn, from: number, to: number): RawColumn {
  return column instanceof Float64Array ? column.subarray(from, to) : (Array.prototype.slice.call(column, from, to) as RawColumn);
}
