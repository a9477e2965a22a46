import type { ModelDescription } from './description.ts';

/** What a model is opened from; the graph's bytes are shared by all threads. */
export interface ModelSource {
  readonly onnx: SharedArrayBuffer;
  readonly description: ModelDescription;
}
