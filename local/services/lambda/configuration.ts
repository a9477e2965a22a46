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
