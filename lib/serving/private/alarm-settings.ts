import { Duration } from 'aws-cdk-lib';
import type { Finding } from '../../private/validation.ts';
import { validateInteger, validateRange, validateSeconds } from '../../private/validation.ts';
import type { ErrorRateAlarmOptions, LatencyAlarmOptions, ServingAlarmOptions, ServingAlarmsOptions } from '../serving-alarms-props.ts';

/** How often an alarm looks, and how many of its looks have to be bad. */
export interface AlarmTiming {
  readonly period: Duration;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

/** A period of its own and one more look than bad ones: a single good one neither hides an incident nor ends it, so that one incident is one message. */
export function timingOf(options: ServingAlarmOptions, badMinutes: number): AlarmTiming {
  const datapointsToAlarm = options.datapointsToAlarm ?? Math.min(badMinutes, options.evaluationPeriods ?? badMinutes);
  return { period: options.period ?? Duration.minutes(1), evaluationPeriods: options.evaluationPeriods ?? datapointsToAlarm + 1, datapointsToAlarm };
}

/** Half an hour in six looks, each of which has to be bad: one request ends the silence. */
export function silenceOf(options: ServingAlarmOptions): AlarmTiming {
  const evaluationPeriods = options.evaluationPeriods ?? options.datapointsToAlarm ?? 6;
  return { period: options.period ?? Duration.minutes(5), evaluationPeriods, datapointsToAlarm: options.datapointsToAlarm ?? evaluationPeriods };
}

/** What is wrong with the alarms' options. */
export function validateAlarms(options: ServingAlarmsOptions): Finding[] {
  const { latency, errorRate, noInvocations, canaryLatency, canaryErrorRate } = options;
  return [
    ...Object.entries({ latency, errorRate, noInvocations, canaryLatency, canaryErrorRate }).flatMap(([name, alarm]) => (alarm === undefined ? [] : validateTiming(name, alarm))),
    ...Object.entries({ latency, canaryLatency }).flatMap(([name, alarm]) => (alarm === undefined ? [] : validateLatency(name, alarm))),
    ...Object.entries({ errorRate, canaryErrorRate }).map(([name, alarm]: [string, ErrorRateAlarmOptions | undefined]) => validateRange(`${name}.thresholdPercent`, alarm?.thresholdPercent, 0, 100, ' %')),
  ];
}

function validateLatency(name: string, { threshold, percentile }: LatencyAlarmOptions): Finding[] {
  return [
    validateRange(`${name}.percentile`, percentile, 0.1, 100),
    threshold === undefined ? undefined : validateRange(`${name}.threshold`, threshold.toMilliseconds(), 1, 3_600_000, ' ms'),
  ];
}

/** CloudWatch looks back over a day at most, and over more periods only with long ones. */
const longestMinutes = 24 * 60;

function validateTiming(name: string, options: ServingAlarmOptions): Finding[] {
  const { period, evaluationPeriods, datapointsToAlarm } = options;
  return [
    validateSeconds(`${name}.period`, period, 60, longestMinutes * 60),
    validateWholeMinutes(name, period),
    validateRange(`${name}.evaluationPeriods`, evaluationPeriods, 1, longestMinutes),
    validateInteger(`${name}.evaluationPeriods`, evaluationPeriods),
    validateRange(`${name}.datapointsToAlarm`, datapointsToAlarm, 1, evaluationPeriods ?? longestMinutes),
    validateInteger(`${name}.datapointsToAlarm`, datapointsToAlarm),
    validateSpan(name, options),
  ];
}

function validateWholeMinutes(name: string, period: Duration | undefined): Finding {
  if (period === undefined || period.toSeconds({ integral: false }) % 60 === 0) return undefined;
  return `${name}.period is ${String(period.toSeconds({ integral: false }))} s, expected a whole number of minutes.`;
}

function validateSpan(name: string, options: ServingAlarmOptions): Finding {
  const { period, evaluationPeriods } = name === 'noInvocations' ? silenceOf(options) : timingOf(options, 5);
  const minutes = period.toMinutes({ integral: false }) * evaluationPeriods;
  if (minutes <= longestMinutes) return undefined;
  return `${name} looks at ${String(evaluationPeriods)} periods of ${String(period.toMinutes({ integral: false }))} minutes, expected at most a day in all, which is as far as CloudWatch looks back.`;
}
