import type { AslValue, Catcher, Retrier, TaskState } from './asl.ts';
import { lambdaRetries } from './retries.ts';

/** A Lambda function that a state invokes. */
export interface InvokedFunction {
  readonly functionArn: string;
  /** The function's own timeout. The state waits a little longer, so that the function's error is seen and not the state's. */
  readonly timeoutSeconds: number;
}

/** What a Lambda task is made of besides its function. */
export interface LambdaTaskFields {
  readonly comment: string;
  readonly payload: AslValue;
  readonly assign?: Readonly<Record<string, AslValue>>;
  readonly output?: AslValue;
  /** @default lambdaRetries */
  readonly retry?: readonly Retrier[];
  readonly catch?: readonly Catcher[];
  /** The next state. @default - the last one */
  readonly next?: string;
}

/** Seconds for which a state waits beyond its function's timeout. */
const invocationMarginSeconds = 30;

/** A state that invokes a Lambda function and waits for its answer. */
export function lambdaTask(partition: string, invoked: InvokedFunction, fields: LambdaTaskFields): TaskState {
  return {
    Type: 'Task',
    Comment: fields.comment,
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Arguments: { FunctionName: invoked.functionArn, Payload: fields.payload },
    TimeoutSeconds: invoked.timeoutSeconds + invocationMarginSeconds,
    Retry: fields.retry ?? lambdaRetries,
    ...(fields.catch === undefined ? {} : { Catch: fields.catch }),
    ...(fields.assign === undefined ? {} : { Assign: fields.assign }),
    Output: fields.output ?? '{% $states.result.Payload %}',
    ...(fields.next === undefined ? { End: true as const } : { Next: fields.next }),
  };
}
