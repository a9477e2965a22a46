import type { Architecture } from '../../compute/lambda/function-spec.ts';
import type { CodeProperty } from './code.ts';

/** The properties of AWS::Lambda::Function that the laptop acts on. */
export interface FunctionProperties {
  readonly FunctionName?: string;
  readonly Code: CodeProperty;
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Role: string;
  readonly Description?: string;
  readonly Architectures?: readonly Architecture[];
  readonly MemorySize?: number | string;
  readonly Timeout?: number | string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly ReservedConcurrentExecutions?: number | string;
  readonly Layers?: readonly string[];
  readonly PackageType?: 'Zip' | 'Image';
  readonly LoggingConfig?: { readonly LogGroup?: string; readonly LogFormat?: 'JSON' | 'Text' };
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly EphemeralStorage?: { readonly Size: number };
}

/** What AWS takes where the template says nothing. */
export const functionDefaults = { memoryMegabytes: 128, timeoutSeconds: 3, architecture: 'x86_64' } as const;

/** A Node.js function from an inline text or a zip is what runs here; anything else is declared only. @returns why it cannot run */
export function unservedReason(properties: FunctionProperties): string | undefined {
  if (properties.PackageType === 'Image') return 'it is a container image';
  if (!/^nodejs\d+\.x$/.test(properties.Runtime ?? '')) return `its runtime is ${properties.Runtime ?? 'not given'}, and only Node.js functions run on the laptop`;
  if ((properties.Layers ?? []).length > 0) return `it has layers (${properties.Layers?.join(', ')}), which the laptop has not: bundle their content`;
  return undefined;
}

/** Names that Lambda keeps for itself: a template that sets them does not deploy. */
const reservedNames = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

const bounds = { memoryMegabytes: [128, 10_240], timeoutSeconds: [1, 900], environmentBytes: 4096 } as const;

/** @throws for a configuration that Lambda would refuse to deploy, naming everything that is wrong */
export function checkConfiguration(properties: FunctionProperties): void {
  const variables = Object.entries(properties.Environment?.Variables ?? {});
  const problems = [
    ...variables.filter(([name]) => reservedNames.has(name)).map(([name]) => `the environment variable ${name} is one that Lambda sets itself`),
    ...variables.filter(([name]) => !/^[A-Za-z][A-Za-z0-9_]+$/.test(name)).map(([name]) => `"${name}" is no name of an environment variable`),
    ...outside('MemorySize', properties.MemorySize, bounds.memoryMegabytes),
    ...outside('Timeout', properties.Timeout, bounds.timeoutSeconds),
  ];
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(variables.map(([name, value]) => [name, String(value)]))));
  if (bytes > bounds.environmentBytes) problems.push(`its environment has ${bytes} bytes, over Lambda's limit of ${bounds.environmentBytes}`);
  if (problems.length > 0) throw new Error(`Lambda would refuse this function: ${problems.join('; ')}.`);
}

function outside(name: string, value: number | string | undefined, [least, most]: readonly [number, number]): string[] {
  return value === undefined || (Number(value) >= least && Number(value) <= most) ? [] : [`${name} is ${value}: expected ${least} to ${most}`];
}
