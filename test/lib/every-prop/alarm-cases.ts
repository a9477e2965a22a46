import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ModelPlatform, ServingAlarms, ServingMetrics } from '../../../lib/index.ts';
import type { ErrorRateAlarmOptions, LatencyAlarmOptions, ServingAlarmOptions, ServingAlarmsOptions, ServingAlarmsProps, ServingMetricsProps } from '../../../lib/index.ts';
import type { PropCases, Rendered } from './cases.ts';

const topicArn = 'arn:aws:sns:us-east-1:123456789012:own';

/** An alarm of a prediction API. */
const alarm = (id: RegExp, path: string) => (r: Rendered) => r.property('AWS::CloudWatch::Alarm', path, id);
const latencyAlarm = /AlarmsLatency/;

/** Each optional prop of alarms, given to those of a prediction API. */
export const alarmsCases: PropCases<ServingAlarmsOptions> = {
  enabled: { alone: true, value: () => false, shows: (r) => r.count('AWS::CloudWatch::Alarm'), as: 0 },
  latency: { value: () => ({ threshold: Duration.millis(80) }), shows: alarm(latencyAlarm, 'Threshold'), as: 80 },
  errorRate: { value: () => ({ thresholdPercent: 1 }), shows: alarm(/AlarmsErrorRate/, 'Threshold'), as: 1 },
  noInvocations: { value: () => ({ enabled: false }), shows: (r) => alarm(/NoInvocations/, 'Threshold')(r), as: undefined },
  canaryLatency: { value: () => ({ threshold: Duration.millis(70) }), shows: alarm(/CanaryLatency/, 'Threshold'), as: 70 },
  canaryErrorRate: { value: () => ({ thresholdPercent: 0 }), shows: alarm(/CanaryErrorRate/, 'Threshold'), as: 0 },
  actions: { value: (stack) => [new SnsAction(Topic.fromTopicArn(stack, 'Own', topicArn))], shows: alarm(latencyAlarm, 'AlarmActions'), as: [topicArn] },
};

/** Each optional prop of one alarm. */
export const alarmCases: PropCases<ServingAlarmOptions> = {
  enabled: { alone: true, value: () => false, shows: alarm(latencyAlarm, 'Threshold'), as: undefined },
  period: { value: () => Duration.minutes(2), shows: alarm(latencyAlarm, 'Period'), as: 120 },
  evaluationPeriods: { value: () => 9, shows: alarm(latencyAlarm, 'EvaluationPeriods'), as: 9 },
  datapointsToAlarm: { value: () => 4, shows: alarm(latencyAlarm, 'DatapointsToAlarm'), as: 4 },
  actions: { value: () => [], shows: alarm(latencyAlarm, 'AlarmActions'), as: undefined },
};
export const latencyAlarmCases: PropCases<LatencyAlarmOptions> = {
  ...alarmCases,
  threshold: { value: () => Duration.seconds(2), shows: alarm(latencyAlarm, 'Threshold'), as: 2000 },
  percentile: { value: () => 95, shows: alarm(latencyAlarm, 'ExtendedStatistic'), as: 'p95' },
};
export const errorRateAlarmCases: PropCases<ErrorRateAlarmOptions, keyof ServingAlarmOptions> = {
  thresholdPercent: { value: () => 0, shows: alarm(/AlarmsErrorRate/, 'Threshold'), as: 0 },
};

/** A target with metrics of its own. */
export function constructMetrics(stack: Stack, props: Partial<ServingMetricsProps>): void {
  const metric = (metricName: string) => [new Metric({ namespace: 'Own', metricName })];
  const metrics = ServingMetrics.of({ requests: metric('Asked'), errors: metric('Failed'), latency: metric('Took'), ...props });
  new ServingAlarms(stack, 'Alarms', { platform: new ModelPlatform(stack, 'Platform'), targetName: 'own', metrics });
}
export const metricsCases: PropCases<ServingMetricsProps> = {
  latencyUnitsPerMillisecond: { value: () => 1000, shows: alarm(latencyAlarm, 'Threshold'), as: 500_000 },
};

/** Alarms of their own, with and without a canary. */
export function constructAlarms(stack: Stack, props: Partial<ServingAlarmsProps>): void {
  new ServingAlarms(stack, 'Alarms', { platform: new ModelPlatform(stack, 'Platform'), targetName: 'own', metrics: ServingMetrics.ofTarget('own'), ...props });
}
export const ownAlarmsCases: PropCases<ServingAlarmsProps, keyof ServingAlarmsOptions> = {
  canaryMetrics: { value: () => ServingMetrics.ofCanary('own'), shows: alarm(/CanaryErrorRate/, 'Threshold'), as: 5 },
};
