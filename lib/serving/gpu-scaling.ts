import { DeclarationError } from '../../model/spec/errors.ts';
import type { QueueDepthScalingProps, ScheduleScalingProps } from './gpu-scaling-props.ts';
import { scaleOnQueueDepth, scaleOnSchedule } from './private/gpu-scaling-policies.ts';
import type { ScaledTasks } from './private/gpu-scaling-policies.ts';

/** What makes the count of a `GpuService`'s tasks rise from zero, and fall back to it. */
export class GpuScaling {
  /** By the messages in a queue: none, no task. @throws DeclarationError where a task is for less than one message */
  static onQueueDepth(props: QueueDepthScalingProps): GpuScaling {
    if (!Number.isInteger(props.messagesPerTask) || props.messagesPerTask < 1) throw new DeclarationError('GpuScaling.onQueueDepth', 'messagesPerTask', props.messagesPerTask, 'a whole number, at least 1');
    const minutes = props.idleAfter?.toMinutes({ integral: false });
    if (minutes !== undefined && (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440)) throw new DeclarationError('GpuScaling.onQueueDepth', 'idleAfter', `${String(minutes)} minutes`, 'whole minutes, from 1 to 1440');
    return new GpuScaling('Queue', (tasks) => { scaleOnQueueDepth(tasks, props); });
  }

  /** By the clock. A task that starts before a first model was deployed cannot serve. @throws DeclarationError where no task would start */
  static onSchedule(props: ScheduleScalingProps): GpuScaling {
    const { tasks = 1 } = props;
    if (!Number.isInteger(tasks) || tasks < 1) throw new DeclarationError('GpuScaling.onSchedule', 'tasks', tasks, 'a whole number, at least 1');
    return new GpuScaling('Schedule', (scaled) => { scaleOnSchedule(scaled, props); }, tasks);
  }

  /** By what it is made. */
  readonly kind: string;
  /** How many tasks it asks for by itself. */
  readonly leastMaxTasks: number;
  private readonly bindScaling: (tasks: ScaledTasks) => void;

  private constructor(kind: string, bindScaling: (tasks: ScaledTasks) => void, leastMaxTasks = 1) {
    this.kind = kind;
    this.bindScaling = bindScaling;
    this.leastMaxTasks = leastMaxTasks;
  }

  /**
   * Adds the policies to a service's count of tasks.
   * @internal
   */
  _bind(tasks: ScaledTasks): void {
    this.bindScaling(tasks);
  }
}
