import type { AlarmPlan, MetricAlarmInput } from './alarm.ts';
import type { Verdict } from './judge.ts';

/** Says why an alarm is in its state, as CloudWatch words it. */
export function reasonOf({ state, evaluated, filled }: Verdict, plan: AlarmPlan): string {
  const { evaluationPeriods, datapointsToAlarm, comparison, threshold, missingData } = plan;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${filled} ${filled === 1 ? 'datapoint was' : 'datapoints were'} unknown.`;
  const treated = `${filled} missing ${filled === 1 ? 'datapoint was' : 'datapoints were'} treated as [${missingData === 'breaching' ? 'Breaching' : 'NonBreaching'}]`;
  if (evaluated.length === 0) return `Threshold Crossed: no datapoints were received for ${filled} ${filled === 1 ? 'period' : 'periods'} and ${treated}.`;
  const breaching = evaluated.filter(({ value }) => comparison.breaches(value!, threshold));
  const points = state === 'ALARM' ? breaching : evaluated.filter((point) => !breaching.includes(point));
  const shown = points.map(({ time, value }) => `${number(value!)} (${new Date(time).toISOString().slice(0, 19).replace('T', ' ')})`).join(', ');
  const verb = state === 'ALARM' ? (points.length === 1 ? 'was' : 'were') : points.length === 1 ? 'was not' : 'were not';
  const filling = filled > 0 && (missingData === 'breaching' || missingData === 'notBreaching') ? ` and ${treated}` : '';
  const transition = state === 'ALARM' ? `minimum ${datapointsToAlarm} ${datapointsToAlarm === 1 ? 'datapoint' : 'datapoints'} for OK -> ALARM transition` : `minimum ${evaluationPeriods - datapointsToAlarm + 1} ${evaluationPeriods - datapointsToAlarm === 0 ? 'datapoint' : 'datapoints'} for ALARM -> OK transition`;
  return `Threshold Crossed: ${points.length} out of the last ${evaluationPeriods} datapoints [${shown}] ${verb} ${comparison.words} the threshold (${number(threshold)})${filling} (${transition}).`;
}

/** The same for machines. */
export function reasonDataOf({ evaluated }: Verdict, plan: AlarmPlan, input: MetricAlarmInput, queryDate: Date): string {
  const { periodSeconds, threshold } = plan;
  const statistic = input.Statistic ?? input.ExtendedStatistic;
  return JSON.stringify({
    version: '1.0',
    queryDate: awsTime(queryDate),
    ...(evaluated[0] !== undefined && { startDate: awsTime(new Date(evaluated[0].time)) }),
    ...(statistic !== undefined && { statistic }),
    ...(input.Unit !== undefined && { unit: input.Unit }),
    period: periodSeconds,
    recentDatapoints: evaluated.map(({ value }) => value),
    threshold,
    evaluatedDatapoints: evaluated.map(({ time, value }) => ({ timestamp: awsTime(new Date(time)), value })).reverse(),
  });
}

/** A time as CloudWatch writes it into messages: `2026-01-01T00:00:00.000+0000`. */
export function awsTime(time: Date): string {
  return time.toISOString().replace('Z', '+0000');
}

/** At least one digit behind the point. */
function number(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
