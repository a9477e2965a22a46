import type { Duration, TimeZone } from 'aws-cdk-lib';
import type { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What `GpuScaling.onQueueDepth` is made of. */
export interface QueueDepthScalingProps {
  /** The queue whose messages the tasks work off. */
  readonly queue: IQueue;

  /** How many messages, waiting or in work, one task is for. */
  readonly messagesPerTask: number;

  /**
   * How long the queue has been empty when the last tasks end.
   * @default Duration.minutes(15)
   */
  readonly idleAfter?: Duration;
}

/** What `GpuScaling.onSchedule` is made of. */
export interface ScheduleScalingProps {
  /** When tasks start. */
  readonly start: Schedule;

  /** When they end. */
  readonly stop: Schedule;

  /**
   * How many run between the two at least.
   * @default 1
   */
  readonly tasks?: number;

  /**
   * The time zone of both.
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
}
