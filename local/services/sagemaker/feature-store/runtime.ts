import type { Operation, Output } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { FeatureGroups } from './groups.ts';
import type { OfflineStore } from './offline.ts';
import type { OnlineStore } from './online.ts';
import type { FeatureGroupRecord, FeatureValue, OnlineRecord, TargetStore, TtlDuration } from './record.ts';
import { checkRecord, invalidRecord, parseEventTime, storesOf, ttlMilliseconds } from './values.ts';

interface PutInput {
  readonly FeatureGroupName: string;
  readonly Record: readonly FeatureValue[];
  readonly TargetStores?: readonly TargetStore[];
  readonly TtlDuration?: TtlDuration;
}

interface GetInput {
  readonly FeatureGroupName: string;
  readonly RecordIdentifierValueAsString: string;
  readonly FeatureNames?: readonly string[];
  readonly ExpirationTimeResponse?: 'Enabled' | 'Disabled';
}

interface BatchGetInput {
  readonly Identifiers: readonly { readonly FeatureGroupName: string; readonly RecordIdentifiersValueAsString: readonly string[]; readonly FeatureNames?: readonly string[] }[];
  readonly ExpirationTimeResponse?: 'Enabled' | 'Disabled';
}

interface DeleteInput {
  readonly FeatureGroupName: string;
  readonly RecordIdentifierValueAsString: string;
  readonly EventTime: string;
  readonly TargetStores?: readonly TargetStore[];
  readonly DeletionMode?: 'SoftDelete' | 'HardDelete';
}

const mostIdentifiers = 100;

/** The operations of the feature store's runtime. */
export function featureStoreRuntime(context: LaptopContext, groups: FeatureGroups, online: OnlineStore, offline: OfflineStore): Readonly<Record<string, Operation>> {
  const now = (): number => context.clock.now().getTime();
  return {
    PutRecord({ FeatureGroupName, Record: values, TargetStores, TtlDuration: ttl }: PutInput): Output {
      const group = groups.get(FeatureGroupName);
      const { identifier, eventTime } = checkRecord(group, values);
      const stores = storesOf(group, TargetStores);
      const life = ttl ?? group.input.OnlineStoreConfig?.TtlDuration;
      const record: OnlineRecord = { values, eventTime, ...(life === undefined ? {} : { expiresAt: eventTime + ttlMilliseconds(life) }) };
      if (stores.includes('OnlineStore')) online.put(group.name, identifier, record);
      if (stores.includes('OfflineStore')) offline.add({ group: group.name, values, eventTime, invokedAt: now(), deleted: false });
      return {};
    },

    GetRecord({ FeatureGroupName, RecordIdentifierValueAsString: identifier, FeatureNames, ExpirationTimeResponse }: GetInput): Output {
      const group = groups.get(FeatureGroupName);
      storesOf(group, ['OnlineStore']);
      const found = online.get(group.name, identifier);
      return found === undefined ? {} : answer(group, found, FeatureNames, ExpirationTimeResponse);
    },

    BatchGetRecord({ Identifiers: asked, ExpirationTimeResponse }: BatchGetInput): Output {
      const wanted = asked.reduce((sum, { RecordIdentifiersValueAsString: identifiers }) => sum + identifiers.length, 0);
      if (wanted > mostIdentifiers) throw invalidRecord(`BatchGetRecord takes at most ${mostIdentifiers} identifiers, found ${wanted}`);
      const records: Output[] = [];
      const errors: Output[] = [];
      for (const { FeatureGroupName, RecordIdentifiersValueAsString: identifiers, FeatureNames } of asked) {
        for (const identifier of identifiers) {
          try {
            const group = groups.get(FeatureGroupName);
            storesOf(group, ['OnlineStore']);
            const found = online.get(group.name, identifier);
            if (found !== undefined) records.push({ FeatureGroupName: group.name, RecordIdentifierValueAsString: identifier, ...answer(group, found, FeatureNames, ExpirationTimeResponse) });
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            errors.push({ FeatureGroupName, RecordIdentifierValueAsString: identifier, ErrorCode: error.code, ErrorMessage: error.message });
          }
        }
      }
      return { Records: records, Errors: errors, UnprocessedIdentifiers: [] };
    },

    DeleteRecord({ FeatureGroupName, RecordIdentifierValueAsString: identifier, EventTime, TargetStores, DeletionMode: mode = 'SoftDelete' }: DeleteInput): Output {
      const group = groups.get(FeatureGroupName);
      const { RecordIdentifierFeatureName, EventTimeFeatureName } = group.input;
      const eventTime = parseEventTime(group.input, EventTime);
      const values = [{ FeatureName: RecordIdentifierFeatureName, ValueAsString: identifier }, { FeatureName: EventTimeFeatureName, ValueAsString: EventTime }];
      const stores = storesOf(group, TargetStores);
      if (stores.includes('OnlineStore')) {
        if (mode === 'HardDelete') online.remove(group.name, identifier, eventTime);
        else online.put(group.name, identifier, { values, eventTime, deleted: true });
      }
      if (stores.includes('OfflineStore')) offline.add({ group: group.name, values, eventTime, invokedAt: now(), deleted: true });
      return {};
    },
  };
}

/** A record as it is read: the features asked for, in the group's order. @throws {AwsError} ValidationError for a feature that the group has not */
function answer({ name, input }: FeatureGroupRecord, record: OnlineRecord, asked: readonly string[] | undefined, expiration: 'Enabled' | 'Disabled' | undefined): Output {
  const known = input.FeatureDefinitions.map(({ FeatureName }) => FeatureName);
  const unknown = asked?.find((feature) => !known.includes(feature));
  if (unknown !== undefined) throw invalidRecord(`FeatureGroup ${name} has no Feature with name ${unknown}`);
  const values = known
    .filter((feature) => asked?.includes(feature) ?? true)
    .flatMap((feature) => record.values.find(({ FeatureName }) => FeatureName === feature) ?? []);
  return { Record: values, ...(expiration === 'Enabled' && record.expiresAt !== undefined ? { ExpiresAt: new Date(record.expiresAt).toISOString() } : {}) };
}
