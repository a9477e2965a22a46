import type { Duration } from 'aws-cdk-lib';
import { DeclarationError } from '../../model/spec/errors.ts';
import { planBounds, type RolloutPlan, secondsOf } from '../../model/spec/rollout-plan.ts';

/** What `Rollout.canary` is made of. */
export interface CanaryRolloutProps {
  /** The share of the requests that the new version gets first, in percent: above 0, below 100. */
  readonly percent: number;
  /** How long it has that share until it gets all requests: from a minute to 7 days. Longer than the canary's alarms take to sound, or they see nothing. */
  readonly interval: Duration;
}

/** What `Rollout.linear` is made of. */
export interface LinearRolloutProps {
  /** The share of the requests that the new version gets more each time, in percent: 1 to 50. */
  readonly stepPercent: number;
  /** How long each share stays: from a minute to 7 days, 14 days in all. Longer than the canary's alarms take to sound, or they see nothing. */
  readonly interval: Duration;
}

/**
 * How traffic moves to a new model version. Whichever it is, the version is tried out before any request meets it, the first version of a target serves at once, and a raised alarm of
 * the canary, a failed test or `slipway rollback` takes it back.
 */
export class Rollout {
  /** All requests, as soon as the version was tried out. */
  static allAtOnce(): Rollout {
    return new Rollout({ kind: 'allAtOnce' });
  }

  /** A part of the requests first, and all of them where no alarm was raised meanwhile. @throws DeclarationError */
  static canary(props: CanaryRolloutProps): Rollout {
    const where = 'Rollout.canary';
    if (!(props.percent > 0 && props.percent < 100)) throw new DeclarationError(where, 'percent', props.percent, 'a number above 0 and below 100; Rollout.allAtOnce() moves all requests');
    return new Rollout({ kind: 'canary', percent: props.percent, intervalSeconds: secondsFor(where, props.interval) });
  }

  /** A part of the requests more each time, while no alarm is raised. @throws DeclarationError */
  static linear(props: LinearRolloutProps): Rollout {
    const where = 'Rollout.linear';
    if (!(props.stepPercent >= 1 && props.stepPercent <= planBounds.largestStep)) throw new DeclarationError(where, 'stepPercent', props.stepPercent, `a number from 1 to ${String(planBounds.largestStep)}`);
    const plan: RolloutPlan = { kind: 'linear', stepPercent: props.stepPercent, intervalSeconds: secondsFor(where, props.interval) };
    if (secondsOf(plan) > planBounds.longestPlan) {
      throw new DeclarationError(where, 'interval', props.interval.toString(), `steps that take 14 days together at most, found ${String(Math.round(secondsOf(plan) / 8640) / 10)} days: larger steps, or a shorter interval`);
    }
    return new Rollout(plan);
  }

  private readonly plan: RolloutPlan;

  private constructor(plan: RolloutPlan) {
    this.plan = plan;
  }

  /**
   * The plan as JSON.
   * @internal
   */
  toJSON(): RolloutPlan {
    return this.plan;
  }

  /**
   * How long the shares stay together.
   * @internal
   */
  get seconds(): number {
    return secondsOf(this.plan);
  }
}

/** Alarms look at whole minutes. */
const shortestInterval = 60;

function secondsFor(where: string, interval: Duration): number {
  if (interval.isUnresolved()) throw new DeclarationError(where, 'interval', 'a token', 'a duration that is known at synth');
  const seconds = interval.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= shortestInterval && seconds <= planBounds.longestInterval) return seconds;
  throw new DeclarationError(where, 'interval', interval.toString(), 'whole seconds, from a minute to 7 days');
}
