import { createHash } from 'node:crypto';
import type { Output } from '../../core/call.ts';
import { latest } from './aliases.ts';
import { functionDefaults } from './configuration.ts';
import type { DeployedFunction } from './functions.ts';

/** A function in the shape of the SDK's FunctionConfiguration. */
export function describeFunction({ name, arn, version, properties, code, lastModified }: DeployedFunction): Output {
  const variables = Object.entries(properties.Environment?.Variables ?? {}).map(([key, value]) => [key, String(value)] as const);
  return {
    FunctionName: name,
    FunctionArn: version === latest ? arn : `${arn}:${version}`,
    Runtime: properties.Runtime,
    Role: properties.Role,
    Handler: properties.Handler,
    CodeSha256: createHash('sha256').update(code).digest('base64'),
    Description: properties.Description ?? '',
    Timeout: Number(properties.Timeout ?? functionDefaults.timeoutSeconds),
    MemorySize: Number(properties.MemorySize ?? functionDefaults.memoryMegabytes),
    LastModified: lastModified.toISOString().replace('Z', '+0000'),
    Version: version,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: properties.PackageType ?? 'Zip',
    Architectures: properties.Architectures ?? [functionDefaults.architecture],
    ...(variables.length === 0 ? {} : { Environment: { Variables: Object.fromEntries(variables) } }),
    ...(properties.DeadLetterConfig === undefined ? {} : { DeadLetterConfig: properties.DeadLetterConfig }),
  };
}
