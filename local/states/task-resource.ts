/** What a Task's `Resource` names. */
export interface TaskResource {
  /** A function by its own ARN, or an integration such as `states:::sagemaker:createTrainingJob.sync`. */
  readonly kind: 'lambda' | 'integration';
  /** The service, such as `lambda` or `aws-sdk:s3`. */
  readonly service: string;
  /** The operation with its pattern, as the history shows it. */
  readonly operation: string;
  readonly pattern: 'requestResponse' | 'sync' | 'waitForTaskToken';
}

/** Reads a `Resource`; undefined where it is none that can run. */
export function parseResource(arn: string): TaskResource | undefined {
  if (/^arn:[^:]+:lambda:[^:]*:[^:]*:function:.+$/.test(arn)) {
    return { kind: 'lambda', service: 'lambda', operation: 'invoke', pattern: 'requestResponse' };
  }
  const found = /^arn:[^:]+:states:[^:]*:[^:]*:((?:aws-sdk:)?[^:]+):(.+)$/.exec(arn);
  const [, service, operation] = found ?? [];
  if (service === undefined || operation === undefined || service === 'activity') return undefined;
  const pattern = operation.endsWith('.waitForTaskToken')
    ? 'waitForTaskToken'
    : /\.sync(:\d+)?$/.test(operation)
      ? 'sync'
      : 'requestResponse';
  return { kind: 'integration', service, operation, pattern };
}
