import type { FittedFeature } from '../features/fitted.ts';
import type { Matrix } from '../matrix.ts';
import type { OnnxInputs } from './session.ts';

/** Rows as the graph takes them: `rows` values for each input. */
export interface GraphRows {
  readonly rows: number;
  readonly inputs: OnnxInputs;
}

/** A feature as the graph takes it: by its name, and as a text where it has an encoding. */
export type EncodedFeature = Pick<FittedFeature, 'name' | 'encoding'>;

/** A text that a feature's encoding does not hold: what a missing value is sent as. */
export function missingTextOf(feature: EncodedFeature): string {
  const known = new Set(feature.encoding?.map(([value]) => value));
  let text = '';
  while (known.has(text)) text += '?';
  return text;
}

/** Encodes the graph's inputs as the graph does, without ONNX: the matrix that the booster itself is given. */
export function encodeRows(features: readonly FittedFeature[], { rows, inputs }: GraphRows): Matrix {
  return {
    rows,
    names: features.map((feature) => feature.name),
    columns: features.map((feature) => encodeColumn(feature, inputs[feature.name], rows)),
  };
}

function encodeColumn(feature: FittedFeature, values: OnnxInputs[string] | undefined, rows: number): Float32Array {
  const expected = feature.encoding === undefined ? 'numbers' : 'texts';
  if (values?.length !== rows || values instanceof Float32Array !== (expected === 'numbers')) {
    throw new TypeError(`The input "${feature.name}" must hold ${rows} ${expected}.`);
  }
  if (values instanceof Float32Array) return values;
  const codes = new Map(feature.encoding);
  return Float32Array.from(values, (value) => codes.get(value) ?? Number.NaN);
}
