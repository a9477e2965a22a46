import { AwsError } from '../../core/errors.ts';

/** Something a request breaks. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** @throws {AwsError} ValidationException in SageMaker's words when the value does not fit the pattern */
export function checkPattern(member: string, value: string | undefined, pattern: RegExp): void {
  if (value === undefined || pattern.test(value)) return;
  throw invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`);
}

/** @throws {AwsError} ValidationException when a required member is missing */
export function checkRequired(member: string, value: unknown): void {
  if (value !== undefined && value !== null) return;
  throw invalid(`1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
}

/** @throws {AwsError} ValidationException when the text is longer than allowed */
export function checkLength(member: string, value: string | undefined, longest: number): void {
  if (value === undefined || value.length <= longest) return;
  throw invalid(`1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${longest}, found ${value.length}`);
}
