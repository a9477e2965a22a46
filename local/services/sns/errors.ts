import { AwsError } from '../../core/errors.ts';

/** A parameter is not what SNS takes. */
export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}
