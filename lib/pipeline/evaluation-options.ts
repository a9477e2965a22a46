import type { Gate } from '../../model/spec/gate.ts';

/** How a pipeline's models are judged. */
export interface EvaluationOptions {
  /**
   * What a model must reach on the held-out rows to be registered: fixed bounds, on all rows or in each part of them, and comparisons with
   * the model that is served.
   * @default - none: every model is registered
   */
  readonly gates?: Gate[];

  /**
   * The declared columns by whose values the report shows how good the model is, the worst first: a text's values, a number's values or ranges.
   * @default - texts and booleans, then the other columns; 12 at most
   */
  readonly sliceColumns?: string[];
}
