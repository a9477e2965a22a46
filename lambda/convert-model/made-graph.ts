import type { Parity } from '../../model/onnx/parity.ts';
import type { ModelDescription } from '../../model/serving/description.ts';

/** A graph that was made of a trained model, and what is known of that model. */
export interface MadeGraph {
  readonly onnx: Uint8Array;
  readonly parity: Parity;
  /** Why serving answers by ONNX Runtime though the graph is one of trees. */
  readonly notCompiled?: string;
  readonly facts: Pick<ModelDescription, 'trainer' | 'objective' | 'rounds' | 'compiled'>;
}
