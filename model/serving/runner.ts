import type { ModelOutput } from './answer.ts';
import type { GraphInputs } from './inputs.ts';
import type { ParsedRow } from './request.ts';

/** What computes predictions. */
export interface Engine {
  readonly name: 'compiled-trees' | 'onnxruntime';
  /** Why it is not the faster one. */
  readonly reason?: string;
  /** Whether calls of few rows that come at the same time go together. */
  readonly microBatches?: boolean;
}

/** Runs a model's graph. */
export interface Runner {
  /** @default - ONNX Runtime */
  readonly engine?: Engine;
  /** What the graph answers for rows in columns. A row's answer is the same whatever rows come with it. */
  runAll(inputs: GraphInputs, rows: number): Promise<ModelOutput>;
  /** The same for checked rows, some from a list of them: without columns in between, and at once. @default - by `runAll` */
  runRows?(rows: readonly ParsedRow[], from: number, to: number): ModelOutput;
  /** Frees the runtime's memory. */
  close(): Promise<void>;
}
