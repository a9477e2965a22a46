import { AwsError } from '../../core/errors.ts';
import type { MetricDataQuery, MetricStat } from '../cloudwatch/metrics/query.ts';
import type { TargetId, TargetTracking } from './types.ts';

const minute = 60;

/** What a target tracking policy asks CloudWatch for: the query whose values are compared comes last. @throws {AwsError} ValidationException */
export function metricQueries(target: TargetId, { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: custom }: TargetTracking): readonly MetricDataQuery[] {
  if (predefined !== undefined) return [{ Id: 'm', MetricStat: { ...predefinedMetric(target, predefined), Period: minute } }];
  if (custom?.Metrics !== undefined) {
    const queries = custom.Metrics.map(({ MetricStat: stat, ...query }) => ({ ...query, ...(stat && { MetricStat: { ...stat, Period: minute } as MetricStat }) }));
    return [...queries].sort((left, right) => Number(left.ReturnData ?? true) - Number(right.ReturnData ?? true));
  }
  if (custom?.MetricName === undefined || custom.Namespace === undefined || custom.Statistic === undefined) throw new AwsError('ValidationException', 'A target tracking policy needs a predefined metric, or a customized one with Namespace, MetricName and Statistic.');
  return [{ Id: 'm', MetricStat: { Metric: { Namespace: custom.Namespace, MetricName: custom.MetricName, ...(custom.Dimensions && { Dimensions: custom.Dimensions }) }, Stat: custom.Statistic, Period: minute } }];
}

function predefinedMetric({ ResourceId }: TargetId, { PredefinedMetricType: type, ResourceLabel = '' }: NonNullable<TargetTracking['PredefinedMetricSpecification']>): Omit<MetricStat, 'Period'> {
  const [, first = '', second = '', third = ''] = ResourceId.split('/');
  const metric = (Namespace: string, MetricName: string, Stat: string, dimensions: Readonly<Record<string, string>>): Omit<MetricStat, 'Period'> => ({ Metric: { Namespace, MetricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) }, Stat });
  switch (type) {
    case 'ECSServiceAverageCPUUtilization':
      return metric('AWS/ECS', 'CPUUtilization', 'Average', { ClusterName: first, ServiceName: second });
    case 'ECSServiceAverageMemoryUtilization':
      return metric('AWS/ECS', 'MemoryUtilization', 'Average', { ClusterName: first, ServiceName: second });
    case 'ALBRequestCountPerTarget': {
      // app/<name>/<id>/targetgroup/<name>/<id>
      const parts = ResourceLabel.split('/');
      return metric('AWS/ApplicationELB', 'RequestCountPerTarget', 'Sum', { LoadBalancer: parts.slice(0, 3).join('/'), TargetGroup: parts.slice(3).join('/') });
    }
    case 'SageMakerVariantInvocationsPerInstance':
      return metric('AWS/SageMaker', 'InvocationsPerInstance', 'Sum', { EndpointName: first, VariantName: third });
    case 'LambdaProvisionedConcurrencyUtilization': {
      const [FunctionName = '', alias = ''] = ResourceId.split(':').slice(-2);
      return metric('AWS/Lambda', 'ProvisionedConcurrencyUtilization', 'Maximum', { FunctionName, Resource: `${FunctionName}:${alias}` });
    }
    default:
      throw new AwsError('ValidationException', `The laptop does not know the predefined metric ${type}.`);
  }
}
