import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { InferenceApi, ServingAlarms, ServingMetrics } from '../../../lib/index.ts';
import type { ServingAlarmsOptions } from '../../../lib/index.ts';
import { ground, testStack } from '../support.ts';

interface AlarmProperties {
  readonly Metrics?: { Id: string; Expression?: string; MetricStat?: { Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: unknown }[] }; Stat: string; Period: number }; ReturnData?: boolean }[];
  readonly [name: string]: unknown;
}

function render(options: ServingAlarmsOptions = {}, metrics = ServingMetrics.ofTarget('blue'), canaryMetrics: ServingMetrics | undefined = ServingMetrics.ofCanary('blue')) {
  const stack = testStack();
  const { platform } = ground(stack);
  const alarms = new ServingAlarms(stack, 'Alarms', { platform, targetName: 'blue', metrics, ...(canaryMetrics === undefined ? {} : { canaryMetrics }), ...options });
  const template = Template.fromStack(stack);
  const named = (id: string) => Object.entries(template.findResources('AWS::CloudWatch::Alarm')).find(([name]) => new RegExp(`^Alarms${id}[0-9A-F]{8}$`).test(name))?.[1]['Properties'] as AlarmProperties;
  return { alarms, template, named };
}

const period = { EvaluationPeriods: 6, DatapointsToAlarm: 5 };

describe('the alarms of a target', () => {
  const { alarms, template, named } = render();

  it('sound after 5 minutes in which p99 is over 500 ms; no request is no latency', () => {
    expect(named('Latency')).toMatchObject({ ...period, Namespace: 'Slipway', MetricName: 'Latency', ExtendedStatistic: 'p99', Period: 60, Threshold: 500, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' });
    expect(named('Latency')['Dimensions']).toEqual([{ Name: 'Target', Value: 'blue' }]);
  });

  it('sound after 3 minutes in which more than 5 % fail; no request is no failure', () => {
    const alarm = named('ErrorRate');
    expect(alarm).toMatchObject({ EvaluationPeriods: 4, DatapointsToAlarm: 3, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' });
    expect(alarm.Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression).toBe('IF(FILL(r0, 0) > 0, 100 * (FILL(e0, 0)) / (FILL(r0, 0)), 0)');
    expect(alarm.Metrics?.flatMap(({ Id, MetricStat }) => (MetricStat === undefined ? [] : [[Id, MetricStat.Metric.MetricName, MetricStat.Stat, MetricStat.Period]])).sort()).toEqual([['e0', 'Errors', 'Sum', 60], ['r0', 'Requests', 'Sum', 60]]);
  });

  it('sound after 30 minutes without a request, whether CloudWatch has zeros or nothing', () => {
    expect(named('NoInvocations')).toMatchObject({ EvaluationPeriods: 6, DatapointsToAlarm: 6, Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' });
    expect(named('NoInvocations').Metrics?.map(({ MetricStat }) => MetricStat?.Period)).toContain(300);
    expect(named('NoInvocations')['AlarmDescription']).toMatch(/blue.*in 30 minutes.*enabled: false/);
  });

  it('tell the notification topic, which lets alarms of this account publish', () => {
    for (const id of ['Latency', 'ErrorRate', 'NoInvocations']) expect(named(id)['AlarmActions']).toEqual([{ Ref: expect.stringMatching(/^PlatformNotifications/) as string }]);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } })]),
      }),
    });
  });

  it('of its canary sound in 2 of 3 minutes, for the rollout that reads them', () => {
    expect(alarms.canary).toEqual([alarms.canaryLatency, alarms.canaryErrorRate]);
    for (const id of ['CanaryLatency', 'CanaryErrorRate']) {
      expect(named(id)).toMatchObject({ EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' });
      expect(named(id)['AlarmActions']).toBeUndefined();
    }
    expect(named('CanaryLatency')['Dimensions']).toEqual([{ Name: 'Role', Value: 'canary' }, { Name: 'Target', Value: 'blue' }]);
  });

  it('have no names of their own, so that one account holds two copies', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmName: Match.absent() });
  });
});

describe('options of the alarms', () => {
  it('turn one off, or all', () => {
    const { alarms, template } = render({ latency: { enabled: false }, canaryErrorRate: { enabled: false } });
    expect(alarms.latency).toBeUndefined();
    expect(alarms.canary).toEqual([alarms.canaryLatency]);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
    const none = render({ enabled: false });
    none.template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    expect(none.alarms.canary).toEqual([]);
  });

  it('give one alarm its own threshold, time and actions', () => {
    const stack = testStack();
    const own = new SnsAction(Topic.fromTopicArn(stack, 'Own', 'arn:aws:sns:us-east-1:123456789012:own'));
    new ServingAlarms(stack, 'Alarms', {
      platform: ground(stack).platform,
      targetName: 'blue',
      metrics: ServingMetrics.ofTarget('blue'),
      latency: { threshold: Duration.millis(80), percentile: 99.9, period: Duration.minutes(5), evaluationPeriods: 2, actions: [own] },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 80, ExtendedStatistic: 'p99.9', Period: 300, EvaluationPeriods: 2, DatapointsToAlarm: 2, AlarmActions: ['arn:aws:sns:us-east-1:123456789012:own'],
    });
  });

  it('without a canary there are no alarms for it', () => {
    const stack = testStack();
    const alarms = new ServingAlarms(stack, 'Alarms', { platform: ground(stack).platform, targetName: 'blue', metrics: ServingMetrics.ofTarget('blue') });
    expect([alarms.canary, alarms.canaryLatency, alarms.canaryErrorRate]).toEqual([[], undefined, undefined]);
  });

  it('are refused where they cannot be honoured, all of them at once', () => {
    const bad: ServingAlarmsOptions = {
      latency: { threshold: Duration.millis(0), percentile: 101 },
      errorRate: { thresholdPercent: -1, evaluationPeriods: 1.5 },
      noInvocations: { period: Duration.seconds(90) },
      canaryLatency: { evaluationPeriods: 2, datapointsToAlarm: 3 },
      canaryErrorRate: { period: Duration.hours(1), evaluationPeriods: 25 },
    };
    const message = (() => {
      try {
        render(bad);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    })();
    for (const sentence of [
      'latency.threshold is 0 ms, expected 1 to', 'latency.percentile is 101, expected 0.1 to 100', 'errorRate.thresholdPercent is -1 %', 'errorRate.evaluationPeriods is 1.5, expected a whole number',
      'noInvocations.period is 90 s, expected a whole number of minutes', 'canaryLatency.datapointsToAlarm is 3, expected 1 to 2', 'canaryErrorRate looks at 25 periods of 60 minutes, expected at most a day',
    ]) expect(message).toContain(sentence);
  });
});

describe('which metrics alarms stand on', () => {
  it('of an endpoint are those of its variants, taken together, in microseconds', () => {
    const { named } = render({}, ServingMetrics.ofVariants('my-endpoint', ['stable', 'canary']), ServingMetrics.ofVariants('my-endpoint', ['canary']));
    expect(named('Latency')['Threshold']).toBe(500_000);
    expect(named('Latency').Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression).toBe('MAX([FILL(l0, 0), FILL(l1, 0)])');
    expect(named('ErrorRate').Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression).toBe('IF(FILL(r0, 0) + FILL(r1, 0) > 0, 100 * (FILL(e0, 0) + FILL(e1, 0)) / (FILL(r0, 0) + FILL(r1, 0)), 0)');
    expect(named('CanaryLatency')).toMatchObject({ Namespace: 'AWS/SageMaker', MetricName: 'ModelLatency', Dimensions: [{ Name: 'EndpointName', Value: 'my-endpoint' }, { Name: 'VariantName', Value: 'canary' }] });
  });

  it('of a function count the calls that it died of', () => {
    const stack = testStack();
    new InferenceApi(stack, 'Api', { platform: ground(stack).platform });
    const [alarm] = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).filter(([id]) => id.startsWith('ApiAlarmsErrorRate')).map(([, { Properties }]) => Properties as AlarmProperties);
    const metrics = alarm?.Metrics?.flatMap(({ Id, MetricStat }) => (MetricStat === undefined ? [] : [[Id, MetricStat.Metric.Namespace, MetricStat.Metric.MetricName]])).sort();
    expect(metrics).toEqual([['e0', 'Slipway', 'Errors'], ['e1', 'AWS/Lambda', 'Errors'], ['r0', 'Slipway', 'Requests'], ['r1', 'AWS/Lambda', 'Errors']]);
  });

  it('of a target of one\'s own are what it says', () => {
    const metric = (metricName: string) => [new Metric({ namespace: 'Own', metricName })];
    const { named } = render({}, ServingMetrics.of({ requests: metric('Asked'), errors: metric('Failed'), latency: metric('Took') }));
    expect(named('Latency')).toMatchObject({ Namespace: 'Own', MetricName: 'Took', Threshold: 500 });
  });
});
