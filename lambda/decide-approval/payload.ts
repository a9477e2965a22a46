import * as z from 'zod';

/** EventBridge's "SageMaker Model Package State Change": which version it is about. How that one stands now, the registry is asked. */
export const packageEventSchema = z.object({
  source: z.literal('aws.sagemaker'),
  detail: z.object({ ModelPackageArn: z.string().min(1) }),
}, { error: 'expected a "SageMaker Model Package State Change" event of aws.sagemaker' });

/** What came of a decision. */
export type Outcome =
  /** The version was not asked about yet, or nobody has decided: its run goes its way. */
  | 'undecided'
  /** The run that waits for the decision has it. */
  | 'answered'
  /** Production serves the version, or is on its way to it, though no run waits for it. */
  | 'released'
  /** The version no longer serves production: an earlier one does. */
  | 'restored'
  /** The version still serves production, since no other one is approved. */
  | 'kept'
  /** Production serves another version, as before. */
  | 'unaffected';

/** What the handler answers. */
export interface DecideResult {
  readonly outcome: Outcome;
  readonly decision?: string;
  /** The version that production serves. */
  readonly servedVersion?: string;
}
