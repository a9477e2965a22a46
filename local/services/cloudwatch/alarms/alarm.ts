import { AwsError } from '../../../core/errors.ts';
import { parseExpression } from '../math/parse.ts';
import type { Dimension } from '../metrics/metric.ts';
import { periodOf } from '../metrics/query.ts';
import type { MetricDataQuery } from '../metrics/query.ts';
import { parseStatistic } from '../metrics/statistic.ts';
import { parseRule } from './rule.ts';

/** The states of an alarm. */
export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What metric alarms and composite ones have in common, in the SDK's shape (and CloudFormation's, which is the same). */
export interface AlarmInput {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly OKActions?: readonly string[];
  readonly AlarmActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
}

/** PutMetricAlarm's input. */
export interface MetricAlarmInput extends AlarmInput {
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Period?: number;
  readonly Unit?: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData?: string;
  readonly EvaluateLowSampleCountPercentile?: string;
  readonly Metrics?: readonly MetricDataQuery[];
}

/** PutCompositeAlarm's input. */
export interface CompositeAlarmInput extends AlarmInput {
  readonly AlarmRule: string;
}

/** What an alarm is in, since when, and why. */
export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string;
  /** ISO times. */
  readonly updatedAt: string;
  readonly transitionedAt: string;
}

/** An alarm as the store keeps it. */
export type AlarmRecord = { readonly arn: string; readonly configuredAt: string; readonly state: AlarmState } & (
  | { readonly kind: 'metric'; readonly input: MetricAlarmInput }
  | { readonly kind: 'composite'; readonly input: CompositeAlarmInput }
);

/** How a data point compares with the threshold. */
export const comparisons: Readonly<Record<string, { readonly words: string; breaches(value: number, threshold: number): boolean }>> = {
  GreaterThanOrEqualToThreshold: { words: 'greater than or equal to', breaches: (value, threshold) => value >= threshold },
  GreaterThanThreshold: { words: 'greater than', breaches: (value, threshold) => value > threshold },
  LessThanThreshold: { words: 'less than', breaches: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { words: 'less than or equal to', breaches: (value, threshold) => value <= threshold },
};

const treatments = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;

/** What stands in for a missing data point. */
export type MissingData = (typeof treatments)[number];

/** What a metric alarm looks at and when it rings. */
export interface AlarmPlan {
  readonly queries: readonly MetricDataQuery[];
  /** The query whose values are compared. */
  readonly watched: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: (typeof comparisons)[string];
  readonly missingData: MissingData;
}

/**
 * Reads a metric alarm's declaration.
 * @throws {AwsError} ValidationError
 */
export function planOf(input: MetricAlarmInput): AlarmPlan {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData = 'missing', ComparisonOperator, Threshold } = input;
  const queries = input.Metrics ?? [singleMetric(input)];
  const returned = queries.filter(({ ReturnData = true }) => String(ReturnData) !== 'false');
  const [watched] = returned;
  if (watched === undefined || returned.length > 1) throw invalid(input, `${returned.length} of its Metrics return data: expected exactly one with ReturnData`);
  const comparison = Object.hasOwn(comparisons, ComparisonOperator) ? comparisons[ComparisonOperator] : undefined;
  if (comparison === undefined) throw invalid(input, `the laptop does not compare by ${ComparisonOperator}: it knows ${Object.keys(comparisons).join(', ')}`);
  const missingData = treatments.find((treatment) => treatment === TreatMissingData);
  if (missingData === undefined) throw invalid(input, `TreatMissingData is '${TreatMissingData}': expected ${treatments.join(', ')}`);
  if (Threshold === undefined || !Number.isFinite(Number(Threshold))) throw invalid(input, 'it has no Threshold');
  const [evaluationPeriods, datapointsToAlarm] = [Number(EvaluationPeriods), Number(DatapointsToAlarm)];
  if (!(evaluationPeriods >= 1) || !(datapointsToAlarm >= 1) || datapointsToAlarm > evaluationPeriods) throw invalid(input, `DatapointsToAlarm is ${datapointsToAlarm} of ${evaluationPeriods} EvaluationPeriods: expected 1 to as many`);
  for (const { Expression, MetricStat } of queries) {
    if (MetricStat === undefined) parseExpression(Expression ?? '');
    else parseStatistic(MetricStat.Stat);
  }
  return { queries, watched: watched.Id, periodSeconds: periodOf(watched.Id, new Map(queries.map((query) => [query.Id, query]))), evaluationPeriods, datapointsToAlarm, threshold: Number(Threshold), comparison, missingData };
}

function singleMetric(input: MetricAlarmInput): MetricDataQuery {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Dimensions, Period, Unit } = input;
  const Stat = Statistic ?? ExtendedStatistic;
  if (MetricName === undefined || Namespace === undefined || Stat === undefined || Period === undefined) throw invalid(input, 'it needs either Metrics, or MetricName, Namespace, Period and a statistic');
  const seconds = Number(Period);
  if (![10, 20, 30].includes(seconds) && !(seconds > 0 && seconds % 60 === 0)) throw invalid(input, `Period is ${seconds}: expected 10, 20, 30 or a multiple of 60`);
  return { Id: 'm1', MetricStat: { Metric: { Namespace, MetricName, ...(Dimensions && { Dimensions }) }, Period: seconds, Stat, ...(Unit !== undefined && { Unit }) }, ReturnData: true };
}

/**
 * Checks a declaration.
 * @throws {AwsError} ValidationError
 */
export function checkAlarm(alarm: Pick<AlarmRecord, 'kind'> & { readonly input: AlarmInput }): void {
  const { AlarmName } = alarm.input;
  if (!AlarmName || AlarmName.length > 255) throw new AwsError('ValidationError', 'AlarmName must have 1 to 255 characters.');
  if (alarm.kind === 'metric') planOf(alarm.input as MetricAlarmInput);
  else parseRule((alarm.input as CompositeAlarmInput).AlarmRule);
}

function invalid({ AlarmName }: AlarmInput, reason: string): AwsError {
  return new AwsError('ValidationError', `The alarm ${AlarmName}: ${reason}.`);
}
