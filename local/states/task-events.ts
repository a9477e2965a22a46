import type { TaskState } from './definition.ts';
import type { TaskFailure } from './errors.ts';
import type { Deadlines } from './deadline.ts';
import type { TaskResource } from './task-resource.ts';
import type { Json } from './types.ts';
import type { Visit } from './visit.ts';

const whole = { truncated: false };

/** Writes the events of one attempt of a task. */
export class TaskEvents {
  private readonly visit: Visit<TaskState>;
  private readonly resource: TaskResource;
  private submitted = false;

  constructor(visit: Visit<TaskState>, resource: TaskResource) {
    this.visit = visit;
    this.resource = resource;
  }

  private get named(): { resourceType: string; resource: string } {
    return { resourceType: this.resource.service, resource: this.resource.operation };
  }

  /** TaskScheduled and TaskStarted, or a function's own events. */
  started(args: Json, { timeoutSeconds, heartbeatSeconds }: Deadlines): void {
    const { history, context } = this.visit.frame.run;
    const { trail } = this.visit.frame;
    const input = JSON.stringify(args);
    const timeout = timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds };
    if (this.resource.kind === 'lambda') {
      history.add(trail, 'LambdaFunctionScheduled', {
        lambdaFunctionScheduledEventDetails: { resource: this.visit.state.Resource, input, inputDetails: whole, ...timeout },
      });
      history.add(trail, 'LambdaFunctionStarted');
      return;
    }
    const heartbeat = heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds };
    const region = context.Execution.Id.split(':')[3] ?? '';
    history.add(trail, 'TaskScheduled', {
      taskScheduledEventDetails: { ...this.named, region, parameters: input, ...timeout, ...heartbeat },
    });
    history.add(trail, 'TaskStarted', { taskStartedEventDetails: this.named });
  }

  /** TaskSubmitted, once: what the call that started the work answered. */
  submittedWith(output: Json): void {
    if (this.submitted) return;
    this.submitted = true;
    this.visit.frame.run.history.add(this.visit.frame.trail, 'TaskSubmitted', {
      taskSubmittedEventDetails: { ...this.named, output: JSON.stringify(output), outputDetails: whole },
    });
  }

  /** TaskSucceeded. */
  succeeded(output: Json): void {
    const { frame } = this.visit;
    const data = { output: JSON.stringify(output), outputDetails: whole };
    if (this.resource.kind === 'lambda') {
      frame.run.history.add(frame.trail, 'LambdaFunctionSucceeded', { lambdaFunctionSucceededEventDetails: data });
    } else {
      frame.run.history.add(frame.trail, 'TaskSucceeded', { taskSucceededEventDetails: { ...this.named, ...data } });
    }
  }

  /** TaskFailed, TaskSubmitFailed or TaskTimedOut. */
  failed({ error, cause }: TaskFailure): void {
    const { history } = this.visit.frame.run;
    const { trail } = this.visit.frame;
    const details = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    const timedOut = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
    if (this.resource.kind === 'lambda') {
      if (timedOut) history.add(trail, 'LambdaFunctionTimedOut', { lambdaFunctionTimedOutEventDetails: details });
      else history.add(trail, 'LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: details });
    } else if (timedOut) {
      history.add(trail, 'TaskTimedOut', { taskTimedOutEventDetails: { ...this.named, ...details } });
    } else if (this.resource.pattern !== 'requestResponse' && !this.submitted) {
      history.add(trail, 'TaskSubmitFailed', { taskSubmitFailedEventDetails: { ...this.named, ...details } });
    } else {
      history.add(trail, 'TaskFailed', { taskFailedEventDetails: { ...this.named, ...details } });
    }
  }

  /** TaskStateAborted: a sibling's failure ended it. */
  aborted(): void {
    this.visit.frame.run.history.beside(this.visit.frame.trail, 'TaskStateAborted');
  }
}
