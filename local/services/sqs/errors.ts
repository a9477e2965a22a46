import { AwsError } from '../../core/errors.ts';

/** No queue has this name or URL. */
export function noSuchQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** A parameter is out of its bounds. */
export function invalidValue(parameter: string, value: unknown, reason: string): AwsError {
  return new AwsError('InvalidParameterValue', `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}.`);
}

/** A whole number within bounds, or the default when there is none. @throws {AwsError} InvalidParameterValue */
export function within(parameter: string, value: number | undefined, [least, most]: readonly [number, number], byDefault: number): number {
  if (value === undefined) return byDefault;
  if (!Number.isInteger(value) || value < least || value > most) throw invalidValue(parameter, value, `Must be between ${least} and ${most}, if provided`);
  return value;
}
