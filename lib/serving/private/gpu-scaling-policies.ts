import { Duration } from 'aws-cdk-lib';
import { AdjustmentType, MetricAggregationType, StepScalingAction } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { ScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { QueueDepthScalingProps, ScheduleScalingProps } from '../gpu-scaling-props.ts';

/** A service's count of tasks, and where what changes it lies. */
export interface ScaledTasks {
  readonly scope: Construct;
  readonly target: ScalableTarget;
  readonly minTasks: number;
  readonly maxTasks: number;
}

/** A policy of step scaling takes no more steps. */
const mostSteps = 20;
const idleAfter = Duration.minutes(15);

/**
 * As many tasks as messages need, those in work among them: one for the first, one more for each further `messagesPerTask`. A queue that nobody uses
 * reports nothing at all, which counts as empty.
 */
export function scaleOnQueueDepth({ scope, target, minTasks, maxTasks }: ScaledTasks, props: QueueDepthScalingProps): void {
  const { queue, messagesPerTask } = props;
  const place = new Construct(scope, 'Queue');
  const period = Duration.minutes(1);
  const metric = new MathExpression({
    label: 'Messages waiting or in work',
    expression: 'FILL(waiting, 0) + FILL(working, 0)',
    usingMetrics: { waiting: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }), working: queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic: 'Maximum' }) },
    period,
  });
  const action = (id: string): StepScalingAction =>
    new StepScalingAction(place, id, { scalingTarget: target, adjustmentType: AdjustmentType.EXACT_CAPACITY, cooldown: period, metricAggregationType: MetricAggregationType.MAXIMUM });

  const work = action('Work');
  for (const { tasks, from, to } of stepsOf(minTasks, maxTasks, messagesPerTask)) work.addAdjustment({ adjustment: tasks, lowerBound: from, ...(to === undefined ? {} : { upperBound: to }) });
  new Alarm(place, 'Working', {
    metric, threshold: 1, comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: 'There is work: tasks are started. Nobody needs to be told.',
  }).addAlarmAction(new ApplicationScalingAction(work));

  const rest = action('Rest');
  rest.addAdjustment({ adjustment: minTasks, upperBound: 0 });
  new Alarm(place, 'Idle', {
    metric, threshold: 0, comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD, evaluationPeriods: (props.idleAfter ?? idleAfter).toMinutes(), treatMissingData: TreatMissingData.BREACHING,
    alarmDescription: 'There has been no work for a while: tasks end. Nobody needs to be told.',
  }).addAlarmAction(new ApplicationScalingAction(rest));
}

/** One step of a queue's depth, counted from its first message: from so many messages on, so many tasks. */
interface DepthStep {
  readonly from: number;
  /** Undefined for the last. */
  readonly to: number | undefined;
  readonly tasks: number;
}

/** The steps from the first message to all tasks, in few enough for one policy. */
export function stepsOf(minTasks: number, maxTasks: number, messagesPerTask: number): DepthStep[] {
  const count = Math.min(maxTasks, mostSteps);
  const tasksAt = (step: number): number => Math.ceil(((step + 1) * maxTasks) / count);
  return Array.from({ length: count }, (_, step) => ({
    from: step === 0 ? 0 : tasksAt(step - 1) * messagesPerTask,
    to: step === count - 1 ? undefined : tasksAt(step) * messagesPerTask,
    tasks: Math.max(minTasks, tasksAt(step)),
  }));
}

/** Between start and stop at least so many tasks; after it none. */
export function scaleOnSchedule({ target, minTasks, maxTasks }: ScaledTasks, { start, stop, tasks = 1, timeZone }: ScheduleScalingProps): void {
  const zone = timeZone === undefined ? {} : { timeZone };
  target.scaleOnSchedule('Start', { schedule: start, minCapacity: Math.max(minTasks, tasks), maxCapacity: maxTasks, ...zone });
  target.scaleOnSchedule('Stop', { schedule: stop, minCapacity: 0, maxCapacity: 0, ...zone });
}
