/** How traffic moves to a new version, as JSON. */
export type RolloutPlan =
  | { readonly kind: 'allAtOnce' }
  /** A part first, and all after a while. */
  | { readonly kind: 'canary'; readonly percent: number; readonly intervalSeconds: number }
  /** A part more each time. */
  | { readonly kind: 'linear'; readonly stepPercent: number; readonly intervalSeconds: number }
  /** Ends with both versions live: an A/B test. */
  | { readonly kind: 'split'; readonly percent: number };

/** Bounds of plans. */
export const planBounds = {
  /** The largest step of a linear plan, in percent. */
  largestStep: 50,
  /** How long a share may stay. */
  longestInterval: 604_800,
  /** How long all shares may stay together. */
  longestPlan: 1_209_600,
} as const;

/** The canary's shares of the requests after it was tried out, in their order; what follows is the whole, unless the plan is a split. */
export function sharesOf(plan: RolloutPlan): number[] {
  switch (plan.kind) {
    case 'allAtOnce':
      return [];
    case 'canary':
    case 'split':
      return [plan.percent / 100];
    case 'linear':
      return Array.from({ length: Math.ceil(100 / plan.stepPercent) - 1 }, (_, step) => ((step + 1) * plan.stepPercent) / 100);
  }
}

/** How long each share stays; a split stays without an end. */
export function secondsPerStep(plan: RolloutPlan): number {
  return 'intervalSeconds' in plan ? plan.intervalSeconds : 0;
}

/** How long the shares of a plan stay together. */
export function secondsOf(plan: RolloutPlan): number {
  return sharesOf(plan).length * secondsPerStep(plan);
}

/** How often the alarms are looked at. */
export interface Watch {
  readonly seconds: number;
  readonly times: number;
}

/** Looks in all steps of one rollout together: each is nine events, and an execution may have 25,000. */
const mostLooks = 2000;
const mostLooksPerStep = 20;
const leastSecondsBetweenLooks = 10;

/** How often the alarms are looked at while a share stays: every ten seconds, or less often where it stays long. The looks together take as long as it stays. */
export function watchOf(plan: RolloutPlan): Watch {
  const interval = secondsPerStep(plan);
  const steps = Math.max(1, sharesOf(plan).length);
  const times = Math.max(1, Math.min(mostLooksPerStep, Math.floor(mostLooks / steps), Math.floor(interval / leastSecondsBetweenLooks)));
  return { seconds: Math.ceil(interval / times), times };
}

/** A plan in words: `10 % for 5 min, then all`. */
export function describePlan(plan: RolloutPlan): string {
  switch (plan.kind) {
    case 'allAtOnce':
      return 'all at once';
    case 'canary':
      return `${String(plan.percent)} % for ${span(plan.intervalSeconds)}, then all`;
    case 'linear':
      return `${String(plan.stepPercent)} % more every ${span(plan.intervalSeconds)}`;
    case 'split':
      return `${String(plan.percent)} % until somebody decides`;
  }
}

function span(seconds: number): string {
  for (const [unit, length] of [['h', 3600], ['min', 60]] as const) if (seconds >= length && seconds % length === 0) return `${String(seconds / length)} ${unit}`;
  return `${String(seconds)} s`;
}
