import type { Operation, Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import type { DeployedFunction, Functions } from './functions.ts';
import { parseFunctionName } from './name.ts';
import type { ProvisionedConcurrency, ProvisionedRecord } from './provisioned.ts';

interface OfVersion {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/** What GetFunction tells of reserved concurrency. */
export function concurrencyOf({ properties }: DeployedFunction): Output {
  const { ReservedConcurrentExecutions: reserved } = properties;
  return reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: Number(reserved) } };
}

/** The operations on reserved and provisioned concurrency. */
export function concurrencyOperations(functions: Functions, provisioned: ProvisionedConcurrency): Readonly<Record<string, Operation>> {
  const read = ({ FunctionName, Qualifier }: OfVersion): { name: string; qualifier: string } => {
    const { name, qualifier = '' } = parseFunctionName(FunctionName, Qualifier);
    functions.get(name);
    return { name, qualifier };
  };
  const describe = (record: ProvisionedRecord): Output => {
    const status = provisioned.statusOf(record);
    const ready = status === 'READY' ? record.requested : 0;
    return {
      RequestedProvisionedConcurrentExecutions: record.requested,
      AvailableProvisionedConcurrentExecutions: ready,
      AllocatedProvisionedConcurrentExecutions: ready,
      Status: status,
      LastModified: record.changedAt,
      ...(status === 'FAILED' && { StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' }),
    };
  };

  return {
    PutProvisionedConcurrencyConfig(input: OfVersion & { ProvisionedConcurrentExecutions: number }): Output {
      const { name, qualifier } = read(input);
      return describe(provisioned.put(name, qualifier, input.ProvisionedConcurrentExecutions));
    },
    GetProvisionedConcurrencyConfig(input: OfVersion): Output {
      const { name, qualifier } = read(input);
      const record = provisioned.find(name, qualifier);
      if (record === undefined) throw new AwsError('ProvisionedConcurrencyConfigNotFoundException', 'No Provisioned Concurrency Config found for this function', 404, { Type: 'User' });
      return describe(record);
    },
    DeleteProvisionedConcurrencyConfig(input: OfVersion): Output {
      const { name, qualifier } = read(input);
      provisioned.remove(name, qualifier);
      return {};
    },
    ListProvisionedConcurrencyConfigs(input: OfVersion): Output {
      const { name } = read(input);
      return { ProvisionedConcurrencyConfigs: provisioned.list(name).map((record) => ({ FunctionArn: `${functions.arn(name)}:${record.qualifier}`, ...describe(record) })) };
    },
    PutFunctionConcurrency(input: OfVersion & { ReservedConcurrentExecutions: number }): Output {
      const { name } = read(input);
      functions.reserve(name, input.ReservedConcurrentExecutions);
      return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
    },
    GetFunctionConcurrency(input: OfVersion): Output {
      return concurrencyOf(functions.get(read(input).name))['Concurrency'] as Output | undefined ?? {};
    },
    DeleteFunctionConcurrency(input: OfVersion): Output {
      functions.reserve(read(input).name, undefined);
      return {};
    },
  };
}
