import * as z from 'zod';
import { planBounds, type RolloutPlan, secondsOf } from '../../spec/rollout-plan.ts';

const intervalSeconds = z.number().int().min(1).max(planBounds.longestInterval);

/** How traffic moves to a new version. */
export const rolloutPlanSchema: z.ZodType<RolloutPlan> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allAtOnce') }),
  z.object({ kind: z.literal('canary'), percent: z.number().gt(0).lt(100), intervalSeconds }),
  z.object({ kind: z.literal('linear'), stepPercent: z.number().min(1).max(planBounds.largestStep), intervalSeconds }),
  z.object({ kind: z.literal('split'), percent: z.number().min(0).max(100) }),
], { error: 'expected a plan of the kind allAtOnce, canary, linear or split' })
  .refine((plan) => secondsOf(plan) <= planBounds.longestPlan, { error: `expected steps that take ${String(planBounds.longestPlan)} s together at most` });
