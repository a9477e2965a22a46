import type { Parity } from '../../model/onnx/parity.ts';
import type { ModelDescription } from '../../model/serving/description.ts';

/** A graph that was made of a trained model, and what is known of that model. */
export interface MadeGraph {
  readonly onnx: Uint8Array;
  readonly parity: Parity;
  readonly facts: Pick<ModelDescription, 'trainer' | 'objective' | 'rounds'>;
}
