import { availableParallelism } from 'node:os';
import type { RawColumns } from '../../model/data/raw-columns.ts';
import type { RawColumn } from '../../model/features/serving.ts';
import { OnnxModel } from '../../model/onnx/session.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { columnarGraphInputs } from '../../model/serving/inputs.ts';
import { servingSchema } from '../../model/serving/schema.ts';

/** Rows of one call of the model: large enough to be fast, small enough to keep its texts in little memory. */
const batchRows = 16_384;

/** What the graph predicts for each row, row after row, through the very path of serving: raw columns, graph inputs, the ONNX graph. */
export async function predictionsOf(onnx: Uint8Array, { features, schema }: ModelDescription, rows: RawColumns): Promise<Float32Array> {
  const model = await OnnxModel.load(onnx, { threads: availableParallelism() });
  try {
    let predictions = new Float32Array(0);
    for (let from = 0; from < rows.rows; from += batchRows) {
      const to = Math.min(from + batchRows, rows.rows);
      const inputs = columnarGraphInputs((name) => slice(rows.columns[name] ?? [], from, to), features, servingSchema(schema));
      const { values, columns } = await model.runAll(inputs, to - from);
      if (from === 0) predictions = new Float32Array(rows.rows * columns);
      predictions.set(values, from * columns);
    }
    return predictions;
  } finally {
    await model.close();
  }
}

function slice(column: RawColumn, from: number, to: number): RawColumn {
  return column instanceof Float64Array ? column.subarray(from, to) : (Array.prototype.slice.call(column, from, to) as RawColumn);
}
