import type { ColumnType } from '../spec/dataset.ts';
import type { FittedFeature } from './fitted.ts';
import { encodingKey, transforms } from './transforms.ts';

/** A raw column at serving: numbers (NaN where missing) or texts (null where missing). */
export type RawColumn = ArrayLike<number> | readonly (string | null)[];

/** The input that the model's ONNX graph takes for a feature: floats, or the texts that the graph's own encoding looks up. */
export function graphInput(feature: FittedFeature, column: RawColumn, type: ColumnType): Float32Array | string[] {
  return feature.encoding === undefined ? numberInput(feature, column) : textInput(feature, column, type);
}

function numberInput(feature: FittedFeature, column: RawColumn): Float32Array {
  const transform = transforms[feature.transform];
  if (transform.kind !== 'number') throw new Error(`Feature '${feature.name}' (${feature.transform}) has no encoding: it was not fitted.`);
  const input = new Float32Array(column.length);
  for (let row = 0; row < input.length; row += 1) input[row] = transform.value(column[row] as number);
  return input;
}

/** Values that were not seen are sent as the missing key, so that nothing the graph's runtime does to odd texts (NUL, lone surrogates) can match. */
function textInput(feature: FittedFeature, column: RawColumn, type: ColumnType): string[] {
  const { codes, missing } = encodingOf(feature);
  const input = new Array<string>(column.length);
  for (let row = 0; row < input.length; row += 1) {
    const key = encodingKey(column[row] ?? null, type);
    input[row] = key !== null && codes.has(key) ? key : missing;
  }
  return input;
}

interface Encoding {
  readonly codes: ReadonlyMap<string, number>;
  /** A text that stands for "missing": one that the encoding does not hold. */
  readonly missing: string;
}

/** Built once per fitted feature, not per request. */
const encodings = new WeakMap<FittedFeature, Encoding>();

function encodingOf(feature: FittedFeature): Encoding {
  const known = encodings.get(feature);
  if (known !== undefined) return known;
  const codes = new Map(feature.encoding);
  let missing = '<missing>';
  while (codes.has(missing)) missing = `<${missing}>`;
  const encoding = { codes, missing };
  encodings.set(feature, encoding);
  return encoding;
}
