import { AwsError } from '../../core/errors.ts';

/** What a caller called a function: its name, and a version or alias if one was given. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier?: string;
}

const pattern =
  /^(?:arn:[^:]+:lambda:[^:]*:)?(?:\d{12}:)?(?:function:)?(?<name>[A-Za-z0-9-_]{1,140})(?::(?<qualifier>\$LATEST|[A-Za-z0-9-_]+))?$/;

/**
 * Reads a function's name, partial ARN or ARN, with or without a qualifier.
 * @throws {AwsError} ValidationException when it is none of them
 */
export function parseFunctionName(text: string, qualifier?: string): FunctionReference {
  const groups = pattern.exec(text)?.groups;
  const name = groups?.['name'];
  if (name === undefined) {
    throw new AwsError('ValidationException', `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN`);
  }
  const found = groups?.['qualifier'] ?? qualifier;
  return found === undefined ? { name } : { name, qualifier: found };
}
