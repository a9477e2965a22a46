import type { AslValue, FeatureStoreUpdate } from '../../../stepfunctions/training-pipeline.ts';
import type { HandlerFunction } from '../../private/handler-function.ts';
import { featureGroupDefaults } from '../../registry/feature-group-options.ts';
import type { FeatureGroup } from '../../registry/feature-group.ts';
import type { RegistrationOptions } from '../registration-options.ts';

/** What the state machine needs to know of the feature group; nothing where there is none. */
export function renderFeatureStore({ featureGroup: options }: RegistrationOptions, update: HandlerFunction | undefined, group: FeatureGroup | undefined): { readonly featureStore?: FeatureStoreUpdate } {
  if (update === undefined || group === undefined) return {};
  return {
    featureStore: {
      function: { functionArn: update.function.functionArn, timeoutSeconds: update.timeout.toSeconds() },
      group: group.toJSON() as unknown as AslValue,
      online: group.online,
      maximumRecords: options?.maximumRecords ?? featureGroupDefaults.maximumRecords,
      writesPerSecond: options?.writesPerSecond ?? featureGroupDefaults.writesPerSecond,
    },
  };
}
