import { AwsError } from '../../core/errors.ts';
import type { LambdaShift } from './types.ts';

interface AppSpec {
  readonly Resources?: readonly Readonly<Record<string, { readonly Type?: string; readonly Properties?: { readonly Name?: string; readonly Alias?: string; readonly CurrentVersion?: string | number; readonly TargetVersion?: string | number } }>>[];
  readonly Hooks?: readonly LambdaShift['hooks'][];
}

/**
 * Reads an AppSpec file for Lambda.
 * @param content JSON: the laptop reads no YAML
 * @throws {AwsError} InvalidRevisionException
 */
export function readAppSpec(content: string): LambdaShift {
  const { Resources = [], Hooks = [] } = parse(content);
  const [[resource, definition] = []] = Resources.flatMap((entry) => Object.entries(entry));
  const { Name, Alias, CurrentVersion, TargetVersion } = definition?.Properties ?? {};
  if (resource === undefined || definition?.Type !== 'AWS::Lambda::Function' || Name === undefined || Alias === undefined || CurrentVersion === undefined || TargetVersion === undefined) {
    throw invalid('it names no resource of the type AWS::Lambda::Function with Name, Alias, CurrentVersion and TargetVersion');
  }
  return { resource, functionName: Name, alias: Alias, currentVersion: String(CurrentVersion), targetVersion: String(TargetVersion), hooks: Object.assign({}, ...Hooks) as LambdaShift['hooks'] };
}

/** Writes one. */
export function writeAppSpec({ resource, functionName, alias, currentVersion, targetVersion, hooks }: LambdaShift): string {
  return JSON.stringify({
    version: 0,
    Resources: [{ [resource]: { Type: 'AWS::Lambda::Function', Properties: { Name: functionName, Alias: alias, CurrentVersion: currentVersion, TargetVersion: targetVersion } } }],
    Hooks: Object.entries(hooks).map(([name, hook]) => ({ [name]: hook })),
  });
}

function parse(content: string): AppSpec {
  try {
    return JSON.parse(content) as AppSpec;
  } catch (error) {
    throw invalid(`it is not JSON, which alone the laptop reads: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidRevisionException', `The AppSpec file cannot be used: ${why}.`);
}
