import type { IServingTarget } from '../serving/serving-target.ts';
import type { Approval } from './approval.ts';

/** How a model gets from staging to production. */
export interface ReleaseOptions {
  /**
   * Who decides that a model may serve production. `Approval.manual()` needs a `productionTarget`.
   * @default Approval.automatic() - the gates, and the test of staging
   */
  readonly approval?: Approval;

  /**
   * What serves production: the highest approved version, once it was tested on the pipeline's `target`, which is staging then.
   * Rejecting the version that it serves brings the highest approved one before it back.
   * @default - none: `target` is what users are served by
   */
  readonly productionTarget?: IServingTarget;
}
