import type { AlarmPlan, StateValue } from './alarm.ts';

/** One period as an alarm sees it: its value, or nothing. */
export interface Datapoint {
  readonly time: number;
  readonly value: number | undefined;
}

/** What an alarm makes of its data. */
export interface Verdict {
  /** Undefined: it stays as it is. */
  readonly state: StateValue | undefined;
  /** The data points that it was decided by. */
  readonly evaluated: readonly Datapoint[];
  /** How many missing ones were filled in. */
  readonly filled: number;
}

/** CloudWatch looks at somewhat more periods than it evaluates, so that data that come late or with gaps count. */
export const extraPeriods = 2;

/**
 * Decides by CloudWatch's rules for missing data: real data points of the evaluation range come first, missing ones are
 * filled in only as far as there are fewer than the alarm evaluates.
 * @param range the latest periods, the oldest first: as many as the alarm evaluates and `extraPeriods` more
 */
export function judge(range: readonly Datapoint[], plan: Pick<AlarmPlan, 'evaluationPeriods' | 'datapointsToAlarm' | 'missingData' | 'threshold' | 'comparison'>): Verdict {
  const { evaluationPeriods, datapointsToAlarm, missingData } = plan;
  const isBreaching = ({ value }: Datapoint): boolean => value !== undefined && plan.comparison.breaches(value, plan.threshold);
  const real = range.filter(({ value }) => value !== undefined);
  const evaluated = real.slice(-evaluationPeriods);
  const filled = evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter(isBreaching).length;
  const verdict = (state: StateValue | undefined): Verdict => ({ state, evaluated, filled });

  if (breaching >= datapointsToAlarm) return verdict('ALARM');
  if (filled === 0) return verdict('OK');
  if (missingData === 'breaching') return verdict(breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (missingData === 'notBreaching') return verdict('OK');
  if (evaluated.length === 0) return verdict(missingData === 'ignore' ? undefined : 'INSUFFICIENT_DATA');
  if (breaching < evaluated.length) return verdict('OK');
  if (missingData === 'ignore') return verdict(undefined);
  // All that there is breaches. Is it old enough that no later data could have made it a short spike?
  const age = range.length - range.indexOf(evaluated[0]!);
  return verdict(age >= datapointsToAlarm ? 'ALARM' : 'OK');
}
