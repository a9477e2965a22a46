import { randomUUID } from 'node:crypto';
import type { Operation, Output } from '../../../core/call.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Functions } from '../functions.ts';
import { parseFunctionName } from '../name.ts';
import { checkMapping } from './check.ts';
import type { Mappings } from './mappings.ts';
import { batchSizeOf, isEnabled, windowOf, type MappingRecord, type MappingSettings } from './types.ts';

interface MappingInput extends Partial<MappingSettings> {
  readonly UUID?: string;
}

/** The operations on event source mappings. */
export function mappingOperations(functions: Functions, mappings: Mappings): Readonly<Record<string, Operation>> {
  const checked = (settings: MappingSettings): MappingSettings => {
    try {
      checkMapping(settings);
      return settings;
    } catch (error) {
      throw new AwsError('InvalidParameterValueException', (error as Error).message, 400, { Type: 'User' });
    }
  };
  const arnOf = (settings: MappingSettings): string => {
    const { name, qualifier } = parseFunctionName(settings.FunctionName);
    return qualifier === undefined ? functions.arn(name) : `${functions.arn(name)}:${qualifier}`;
  };
  const describe = ({ id, settings, changedAt }: MappingRecord): Output => ({
    UUID: id,
    EventSourceArn: settings.EventSourceArn,
    FunctionArn: arnOf(settings),
    BatchSize: batchSizeOf(settings),
    MaximumBatchingWindowInSeconds: windowOf(settings),
    State: isEnabled(settings) ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    LastModified: new Date(changedAt),
    ...(settings.FunctionResponseTypes && { FunctionResponseTypes: settings.FunctionResponseTypes }),
    ...(settings.ScalingConfig && { ScalingConfig: { MaximumConcurrency: Number(settings.ScalingConfig.MaximumConcurrency) } }),
    ...(settings.FilterCriteria && { FilterCriteria: settings.FilterCriteria }),
  });

  return {
    CreateEventSourceMapping({ UUID: _, FunctionName = '', ...settings }: MappingInput): Output {
      functions.get(parseFunctionName(FunctionName).name);
      return describe(mappings.put(randomUUID(), checked({ ...settings, FunctionName })));
    },
    GetEventSourceMapping: ({ UUID = '' }: MappingInput) => describe(mappings.get(UUID)),
    ListEventSourceMappings({ FunctionName, EventSourceArn }: MappingInput): Output {
      const name = FunctionName === undefined ? undefined : parseFunctionName(FunctionName).name;
      const found = mappings.list().filter(({ settings }) => (name === undefined || parseFunctionName(settings.FunctionName).name === name) && (EventSourceArn === undefined || settings.EventSourceArn === EventSourceArn));
      return { EventSourceMappings: found.map(describe) };
    },
    UpdateEventSourceMapping({ UUID = '', ...changes }: MappingInput): Output {
      const { settings } = mappings.get(UUID);
      return describe(mappings.put(UUID, checked({ ...settings, ...changes })));
    },
    DeleteEventSourceMapping({ UUID = '' }: MappingInput): Output {
      const record = mappings.get(UUID);
      mappings.remove(UUID);
      return { ...describe(record), State: 'Deleting' };
    },
  };
}
