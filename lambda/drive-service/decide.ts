import type { Driven } from './payload.ts';

/** A service, as far as a rollout looks at it. */
export interface ObservedService {
  readonly desiredCount: number;
  readonly runningCount: number;
  /** What Amazon ECS said of it last. */
  readonly lastEvent?: string;
}

/** What is to be done, and what is to be told of it. */
export interface Decision extends Driven {
  /** How many tasks the service is to have from now on; undefined where it has enough. */
  readonly raiseTo?: number;
}

/**
 * What a service needs so that a version can be tried out on it: `minTasks` at least, which the first model raises it to. What autoscaling or a person has
 * made more stays; a service that is to have none by itself is not raised, since nobody would end its tasks.
 */
export function decide(service: ObservedService | undefined, minTasks: number): Decision {
  if (service === undefined) return { settled: true, status: 'FAILED', reason: 'The service does not exist, or is being deleted.' };
  const { desiredCount, runningCount, lastEvent } = service;
  if (desiredCount < minTasks) return { settled: false, status: 'APPLYING', raiseTo: minTasks, reason: `The service gets ${tasks(minTasks)}, and had ${String(desiredCount)}.` };
  if (desiredCount === 0) {
    return { settled: true, status: 'FAILED', reason: 'The service runs no task and is to run none by itself (minTasks is 0), so that nobody can try the version out. Give it minTasks, or deploy while its queue or its schedule runs it.' };
  }
  if (runningCount === 0) return { settled: false, status: 'APPLYING', reason: `None of ${tasks(desiredCount)} runs yet${lastEvent === undefined ? '.' : `: ${lastEvent}`}` };
  return { settled: true, status: 'APPLIED' };
}

const tasks = (count: number): string => (count === 1 ? '1 task' : `${String(count)} tasks`);
