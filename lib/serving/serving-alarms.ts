import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IAlarmAction, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { validate } from '../private/validation.ts';
import { alarmDefaults } from './defaults.ts';
import { silenceOf, timingOf, validateAlarms } from './private/alarm-settings.ts';
import type { AlarmTiming } from './private/alarm-settings.ts';
import type { ErrorRateAlarmOptions, LatencyAlarmOptions, ServingAlarmOptions, ServingAlarmsProps } from './serving-alarms-props.ts';
import type { ServingMetrics } from './serving-metrics.ts';

/** What one alarm is made of, beside its options. */
interface AlarmSettings {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparisonOperator: ComparisonOperator;
  readonly timing: AlarmTiming;
  readonly treatMissingData: TreatMissingData;
  readonly alarmDescription: string;
}

/** The alarms of a serving target: those that people are told of, and those by which a rollout takes a canary back. Each is off where its options say so. */
export class ServingAlarms extends Construct {
  /** The latency of all versions. */
  readonly latency?: Alarm;
  /** The failed requests of all versions. */
  readonly errorRate?: Alarm;
  /** Nobody has asked for a long time. */
  readonly noInvocations?: Alarm;
  /** The latency of the canary. */
  readonly canaryLatency?: Alarm;
  /** The failed requests of the canary. */
  readonly canaryErrorRate?: Alarm;
  /** The alarms of the canary: where one sounds, a rollout rolls back. */
  readonly canary: Alarm[];

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: ServingAlarmsProps) {
    super(scope, id);
    validate(this, validateAlarms(props));
    this.canary = [];
    if (props.enabled === false) return;
    const { targetName, metrics, canaryMetrics } = props;
    const actions = props.actions ?? [new SnsAction(props.platform.notificationTopic)];
    const minutes = alarmDefaults.badMinutes;

    this.latency = this.onLatency('Latency', props.latency, metrics, minutes.latency, actions, `${targetName} answers slowly`);
    this.errorRate = this.onErrors('ErrorRate', props.errorRate, metrics, minutes.errorRate, actions, `${targetName} fails`);
    this.noInvocations = this.onSilence(props.noInvocations, metrics, actions, targetName);
    if (canaryMetrics === undefined) return;
    this.canaryLatency = this.onLatency('CanaryLatency', props.canaryLatency, canaryMetrics, minutes.canary, [], `The canary of ${targetName} answers slowly`);
    this.canaryErrorRate = this.onErrors('CanaryErrorRate', props.canaryErrorRate, canaryMetrics, minutes.canary, [], `The canary of ${targetName} fails`);
    this.canary = [this.canaryLatency, this.canaryErrorRate].filter((alarm) => alarm !== undefined);
  }

  private onLatency(id: string, options: LatencyAlarmOptions = {}, metrics: ServingMetrics, badMinutes: number, actions: readonly IAlarmAction[], what: string): Alarm | undefined {
    const percentile = options.percentile ?? alarmDefaults.percentile;
    const threshold = options.threshold ?? alarmDefaults.latency;
    const timing = timingOf(options, badMinutes);
    return this.create(id, options, actions, {
      metric: metrics.latency(percentile, timing.period),
      threshold: threshold.toMilliseconds() * metrics.latencyUnitsPerMillisecond,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      timing,
      // No request, no latency.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${what}: p${String(percentile)} over ${String(threshold.toMilliseconds())} ms. Look at its latency by ModelVersion, and at its share of CPU and memory; \`slipway rollback\` brings the version before back.`,
    });
  }

  private onErrors(id: string, options: ErrorRateAlarmOptions = {}, metrics: ServingMetrics, badMinutes: number, actions: readonly IAlarmAction[], what: string): Alarm | undefined {
    const percent = options.thresholdPercent ?? alarmDefaults.errorPercent;
    const timing = timingOf(options, badMinutes);
    return this.create(id, options, actions, {
      metric: metrics.errorRate(timing.period),
      threshold: percent,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      timing,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${what}: more than ${String(percent)} % of its answers are 5xx. Its log names the reason of each under the request id; \`slipway rollback\` brings the version before back.`,
    });
  }

  private onSilence(options: ServingAlarmOptions = {}, metrics: ServingMetrics, actions: readonly IAlarmAction[], targetName: string): Alarm | undefined {
    const timing = silenceOf(options);
    const silence = Duration.minutes(timing.period.toMinutes() * timing.evaluationPeriods);
    return this.create('NoInvocations', options, actions, {
      metric: metrics.requests(timing.period),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      timing,
      // Silence is what this one is about.
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: `Nobody has asked ${targetName} for a prediction in ${silence.toHumanString()}. Where that is as it should be, turn this alarm off (noInvocations: { enabled: false }).`,
    });
  }

  private create(id: string, options: ServingAlarmOptions, actions: readonly IAlarmAction[], { timing, ...settings }: AlarmSettings): Alarm | undefined {
    if (options.enabled === false) return undefined;
    const { evaluationPeriods, datapointsToAlarm } = timing;
    const alarm = new Alarm(this, id, { ...settings, evaluationPeriods, datapointsToAlarm });
    alarm.addAlarmAction(...(options.actions ?? actions));
    return alarm;
  }
}
