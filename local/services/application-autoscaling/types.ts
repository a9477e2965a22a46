import type { Dimension } from '../cloudwatch/metrics/metric.ts';
import type { MetricDataQuery } from '../cloudwatch/metrics/query.ts';

/** What names a scalable target. */
export interface TargetId {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
}

/** A scalable target, as the store keeps it. */
export interface TargetRecord extends TargetId {
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly RoleARN?: string;
  /** ISO time. */
  readonly createdAt: string;
}

/** How far a step policy goes for how large a breach. */
export interface StepScaling {
  readonly AdjustmentType?: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
  readonly StepAdjustments?: readonly { readonly MetricIntervalLowerBound?: number | string; readonly MetricIntervalUpperBound?: number | string; readonly ScalingAdjustment: number | string }[];
  readonly MinAdjustmentMagnitude?: number | string;
  readonly Cooldown?: number | string;
}

/** What a target tracking policy holds a metric at. */
export interface TargetTracking {
  readonly TargetValue: number | string;
  readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType: string; readonly ResourceLabel?: string };
  readonly CustomizedMetricSpecification?: { readonly MetricName?: string; readonly Namespace?: string; readonly Dimensions?: readonly Dimension[]; readonly Statistic?: string; readonly Metrics?: readonly CustomMetric[] };
  readonly ScaleOutCooldown?: number | string;
  readonly ScaleInCooldown?: number | string;
  readonly DisableScaleIn?: boolean | string;
}

/** As MetricDataQuery, but the statistic's period is always a minute. */
export type CustomMetric = Omit<MetricDataQuery, 'MetricStat'> & { readonly MetricStat?: { readonly Metric: { readonly Namespace?: string; readonly MetricName?: string; readonly Dimensions?: readonly Dimension[] }; readonly Stat: string; readonly Unit?: string } };

/** A policy, as the store keeps it. */
export interface PolicyRecord extends TargetId {
  readonly PolicyName: string;
  readonly PolicyARN: string;
  readonly PolicyType: string;
  readonly StepScalingPolicyConfiguration?: StepScaling;
  readonly TargetTrackingScalingPolicyConfiguration?: TargetTracking;
  readonly createdAt: string;
}

/** A change at a time, as the store keeps it. */
export interface ScheduledActionRecord extends TargetId {
  readonly ScheduledActionName: string;
  readonly ScheduledActionARN: string;
  readonly Schedule: string;
  readonly Timezone?: string;
  readonly ScalableTargetAction?: { readonly MinCapacity?: number; readonly MaxCapacity?: number };
  readonly createdAt: string;
}

/** What was done to a target. */
export interface Activity extends TargetId {
  readonly ActivityId: string;
  readonly Description: string;
  readonly Cause: string;
  readonly at: string;
}

/** The text that stands for a target in the store. */
export function targetKey({ ServiceNamespace, ResourceId, ScalableDimension }: TargetId): string {
  return `${ServiceNamespace}|${ResourceId}|${ScalableDimension}`;
}
