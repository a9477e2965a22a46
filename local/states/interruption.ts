import type { ChildProgress, ResumePoint } from './types.ts';

/** Why work stops from outside: nothing retries or catches it. */
export class Interruption extends Error {
  readonly kind: 'ABORTED' | 'TIMED_OUT' | 'SIBLING_FAILED';
  readonly error: string | undefined;
  override readonly cause: string | undefined;

  constructor(kind: Interruption['kind'], error?: string, cause?: string) {
    super(`The work was interrupted: ${kind}.`);
    this.name = 'Interruption';
    this.kind = kind;
    this.error = error;
    this.cause = cause;
  }
}

/** A flow that came to a stop, with the reason and the place. */
export class Stopped extends Error {
  readonly reason: unknown;
  readonly resume: ResumePoint;

  constructor(reason: unknown, resume: ResumePoint) {
    super(`The flow stopped in state '${resume.state}'.`);
    this.name = 'Stopped';
    this.reason = reason;
    this.resume = resume;
  }
}

/** A Parallel or Map state that failed, with how far its children came. */
export class ChildrenStopped extends Error {
  readonly reason: unknown;
  readonly children: readonly (ChildProgress | null)[];

  constructor(reason: unknown, children: readonly (ChildProgress | null)[]) {
    super('A child flow stopped.');
    this.name = 'ChildrenStopped';
    this.reason = reason;
    this.children = children;
  }
}
