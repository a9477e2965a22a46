import type { FeatureSpec } from '../spec/feature.ts';

/**
 * A feature with what PrepareData learned for it on the training split. `encoding` maps a raw value, as text, to the
 * number that the trees see; it stands in front of the trees inside the ONNX graph. A value that it does not hold is missing (NaN).
 * Features that learn nothing have no encoding: their number is computed from the raw row alone.
 */
export interface FittedFeature extends FeatureSpec {
  /** Values as float32 can hold them exactly, in a stable order. */
  readonly encoding?: readonly (readonly [value: string, code: number])[];
}
