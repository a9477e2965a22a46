import { AwsError } from '../../core/errors.ts';
import { TaskFailure } from '../../states/index.ts';
import type { Json, TaskTokenWait } from '../../states/index.ts';

interface Waiting {
  readonly settle: (output: Json) => void;
  readonly fail: (failure: TaskFailure) => void;
  readonly heartbeat: () => void;
}

/** The tokens of tasks that wait for someone outside. */
export class TaskTokens {
  readonly #waiting = new Map<string, Waiting>();
  /** Tokens that were good once. */
  readonly #over = new Set<string>();

  /** The interpreter's port: resolves when the task is reported done. */
  wait(token: string, { signal, heartbeat }: TaskTokenWait): Promise<Json> {
    return new Promise<Json>((settle, fail) => {
      this.#waiting.set(token, { settle, fail, heartbeat });
      signal.addEventListener('abort', () => {
        this.#forget(token);
        fail(signal.reason as TaskFailure);
      }, { once: true });
    });
  }

  /** SendTaskSuccess. */
  succeed(token: string, output: string): void {
    const waiting = this.#take(token);
    let result: Json;
    try {
      result = JSON.parse(output) as Json;
    } catch {
      throw new AwsError('InvalidOutput', `Invalid Output: '${output.slice(0, 100)}' is no JSON`);
    }
    this.#forget(token);
    waiting.settle(result);
  }

  /** SendTaskFailure. */
  fail(token: string, error: string | undefined, cause: string | undefined): void {
    const waiting = this.#take(token);
    this.#forget(token);
    waiting.fail(new TaskFailure(error ?? 'States.TaskFailed', cause));
  }

  /** SendTaskHeartbeat. */
  beat(token: string): void {
    this.#take(token).heartbeat();
  }

  #take(token: string): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting !== undefined) return waiting;
    if (this.#over.has(token)) throw new AwsError('TaskTimedOut', 'Task Timed Out: the task is over, or its execution is');
    throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
  }

  #forget(token: string): void {
    if (this.#waiting.delete(token)) this.#over.add(token);
  }
}
