/** A task as far as it matters to what is started and stopped next. */
export interface PlannedTask {
  readonly healthy: boolean;
  /** Whether it belongs to the deployment that is to be reached. */
  readonly primary: boolean;
}

/** What a service is to have, and how far it may be from it on the way. */
export interface PlanBounds {
  readonly desiredCount: number;
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
}

/** What to do next. */
export interface Plan<T> {
  readonly start: number;
  readonly stop: readonly T[];
}

/**
 * Decides by ECS's rules for a rolling update: never more tasks than the maximum share of the desired count, and never so few healthy ones that
 * they fall below the minimum share.
 * @param tasks those that are not on their way out
 */
export function plan<T extends PlannedTask>(tasks: readonly T[], { desiredCount, maximumPercent, minimumHealthyPercent }: PlanBounds): Plan<T> {
  const primary = tasks.filter((task) => task.primary);
  const old = tasks.filter((task) => !task.primary);
  // Those that do not answer yet go first, then the youngest.
  const surplus = [...primary].reverse().sort((left, right) => Number(left.healthy) - Number(right.healthy)).slice(0, Math.max(0, primary.length - desiredCount));
  const leastHealthy = Math.ceil((desiredCount * minimumHealthyPercent) / 100);
  let healthy = tasks.filter((task) => task.healthy && !surplus.includes(task)).length;
  const stop = [...surplus];
  for (const task of [...old].sort((left, right) => Number(left.healthy) - Number(right.healthy))) {
    if (task.healthy && healthy - 1 < leastHealthy) continue;
    if (task.healthy) healthy -= 1;
    stop.push(task);
  }
  const most = Math.max(desiredCount, Math.floor((desiredCount * maximumPercent) / 100));
  const room = most - (tasks.length - stop.length);
  return { start: Math.max(0, Math.min(desiredCount - (primary.length - surplus.length), room)), stop };
}

/** How many tasks may fail before the circuit breaker ends a deployment: half of the desired count, but at least 3 and at most 200. */
export function failureThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}
