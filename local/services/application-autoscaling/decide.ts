import type { StepScaling } from './types.ts';

/** What a target tracking policy looks at: as AWS's own alarms do, three minutes to grow and fifteen to shrink. */
export const trackingMinutes = { out: 3, in: 15 };

/** A metric must lie a tenth below its target before capacity goes. */
const scaleInShare = 0.9;

/**
 * The capacity that would bring a metric to its target, or undefined where it is near enough.
 * @param values of the last minutes, the latest last; a missing one is undefined
 */
export function track(values: readonly (number | undefined)[], target: number, current: number): number | undefined {
  const outer = values.slice(-trackingMinutes.out);
  if (outer.length === trackingMinutes.out && outer.every((value) => value !== undefined && value > target)) return Math.max(current + 1, Math.ceil((current * outer.at(-1)!) / target));
  const inner = values.slice(-trackingMinutes.in);
  const low = target * scaleInShare;
  if (inner.length === trackingMinutes.in && inner.every((value) => value !== undefined && value < low)) return Math.min(current, Math.ceil((current * Math.max(...(inner as number[]))) / target));
  return undefined;
}

/** The capacity that a step policy asks for, when a metric is so far from its alarm's threshold; undefined where no step covers it. */
export function step({ AdjustmentType = 'ChangeInCapacity', StepAdjustments = [], MinAdjustmentMagnitude = 0 }: StepScaling, breach: number, current: number): number | undefined {
  const bounds = StepAdjustments.map(({ MetricIntervalLowerBound: lower = -Infinity, MetricIntervalUpperBound: upper = Infinity, ScalingAdjustment }) => ({ least: Number(lower), most: Number(upper), ScalingAdjustment }));
  // Above the threshold the lower bound belongs to a step, below it the upper one.
  const found = bounds.find(({ least, most }) => least >= 0 && breach >= least && breach < most) ?? bounds.find(({ least, most }) => least < 0 && breach > least && breach <= most);
  if (found === undefined) return undefined;
  const adjustment = Number(found.ScalingAdjustment);
  if (AdjustmentType === 'ExactCapacity') return adjustment;
  if (AdjustmentType === 'ChangeInCapacity') return Math.max(0, current + adjustment);
  const share = (current * adjustment) / 100;
  const magnitude = Math.max(share >= 0 ? Math.floor(share) : Math.floor(-share), Math.abs(share) > 0 && Math.abs(share) < 1 ? 1 : 0, Number(MinAdjustmentMagnitude));
  return Math.max(0, current + Math.sign(adjustment) * magnitude);
}
