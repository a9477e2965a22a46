import type { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ServingMetrics } from './serving-metrics.ts';

/** What every alarm of a target may be told. An alarm sounds when `datapointsToAlarm` of the last `evaluationPeriods` are over its threshold. */
export interface ServingAlarmOptions {
  /**
   * Whether there is such an alarm.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * How long a period is over which the metric is taken: a whole number of minutes.
   * @default - a minute; 5 minutes where the alarm is on missing requests
   */
  readonly period?: Duration;

  /**
   * How many of the last periods are looked at.
   * @default - one more than `datapointsToAlarm`, so that a single good period neither hides an incident nor ends it; 6 where the alarm is on missing requests
   */
  readonly evaluationPeriods?: number;

  /**
   * How many of them have to be over the threshold.
   * @default - latency 5, errors 3, and of a canary 2; all of them where the alarm is on missing requests, or where `evaluationPeriods` is less
   */
  readonly datapointsToAlarm?: number;

  /**
   * What is done when the alarm sounds, such as `new SnsAction(topic)`. None: nothing, but its state can be read.
   * @default - the alarms' `actions`; of a canary's alarms none, since the rollout that reads them tells what it did
   */
  readonly actions?: IAlarmAction[];
}

/** What an alarm on latency may be told. */
export interface LatencyAlarmOptions extends ServingAlarmOptions {
  /**
   * The latency above which it is over.
   * @default Duration.millis(500)
   */
  readonly threshold?: Duration;

  /**
   * Which percentile of the latency is compared: above 0, at most 100.
   * @default 99
   */
  readonly percentile?: number;
}

/** What an alarm on failed requests may be told. */
export interface ErrorRateAlarmOptions extends ServingAlarmOptions {
  /**
   * The share of failed requests, in percent, above which it is over.
   * @default 5
   */
  readonly thresholdPercent?: number;
}

/** What the alarms of a target may be told. */
export interface ServingAlarmsOptions {
  /**
   * Whether there are alarms at all. Without a canary's alarms nothing rolls a canary back by itself.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * p99 of the latency over 500 ms for 5 minutes.
   * @default - as said
   */
  readonly latency?: LatencyAlarmOptions;

  /**
   * More than 5 % of the requests failed for 3 minutes.
   * @default - as said
   */
  readonly errorRate?: ErrorRateAlarmOptions;

  /**
   * No request for 30 minutes (6 periods of 5).
   * @default - as said
   */
  readonly noInvocations?: ServingAlarmOptions;

  /**
   * The canary's latency, by which a rollout rolls back: p99 over 500 ms in 2 of 3 minutes.
   * @default - as said
   */
  readonly canaryLatency?: LatencyAlarmOptions;

  /**
   * The canary's failed requests, by which a rollout rolls back: more than 5 % in 2 of 3 minutes.
   * @default - as said
   */
  readonly canaryErrorRate?: ErrorRateAlarmOptions;

  /**
   * What is done when an alarm of the target sounds, such as `new SnsAction(topic)`.
   * @default - a message to the platform's notification topic
   */
  readonly actions?: IAlarmAction[];
}

/** What `ServingAlarms` are made of. */
export interface ServingAlarmsProps extends ServingAlarmsOptions {
  /** Whose notification topic is told. */
  readonly platform: IModelPlatform;
  /** The name of the target, for the alarms' descriptions. */
  readonly targetName: string;
  /** What the target's alarms stand on. */
  readonly metrics: ServingMetrics;
  /**
   * What the canary's alarms stand on.
   * @default - the target has no canary, and so no alarms for it
   */
  readonly canaryMetrics?: ServingMetrics;
}
