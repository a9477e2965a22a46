import { AwsError } from '../../../core/errors.ts';
import type { FeatureGroupRecord, FeatureType, FeatureValue, TargetStore, TtlDuration } from './record.ts';

/** An error of the feature store's runtime. */
export function invalidRecord(message: string): AwsError {
  return new AwsError('ValidationError', `Validation Error: ${message}`);
}

const seconds = { Seconds: 1, Minutes: 60, Hours: 3600, Days: 86_400, Weeks: 604_800 };

/** Milliseconds of a time to live. */
export function ttlMilliseconds({ Unit: unit, Value: value }: TtlDuration): number {
  return seconds[unit] * value * 1000;
}

/** The stores that a call means. @throws {AwsError} ValidationError where the group has one of them not */
export function storesOf(group: FeatureGroupRecord, asked: readonly TargetStore[] | undefined): readonly TargetStore[] {
  const has: TargetStore[] = [
    ...(group.input.OnlineStoreConfig?.EnableOnlineStore === true ? (['OnlineStore'] as const) : []),
    ...(group.input.OfflineStoreConfig === undefined ? [] : (['OfflineStore'] as const)),
  ];
  const missing = asked?.find((store) => !has.includes(store));
  if (missing !== undefined) throw invalidRecord(`The ${missing} of the FeatureGroup ${group.name} is not enabled`);
  return asked ?? has;
}

/** @throws {AwsError} ValidationError for a record that Feature Store would refuse; the message names the feature */
export function checkRecord({ name, input }: FeatureGroupRecord, record: readonly FeatureValue[]): { readonly identifier: string; readonly eventTime: number } {
  const seen = new Set<string>();
  for (const { FeatureName: feature, ValueAsString: value, ValueAsStringList: list } of record) {
    const definition = input.FeatureDefinitions.find((candidate) => candidate.FeatureName === feature);
    if (definition === undefined) throw invalidRecord(`FeatureGroup ${name} has no Feature with name ${feature}`);
    if (seen.has(feature)) throw invalidRecord(`The Feature ${feature} stands twice in the Record`);
    seen.add(feature);
    if (list !== undefined || value === undefined) throw invalidRecord(`The Feature ${feature} is no collection, expected ValueAsString`);
    if (!fits[definition.FeatureType](value)) throw invalidRecord(`The value '${value.slice(0, 60)}' of the Feature ${feature} is not of the type ${definition.FeatureType}`);
  }
  const valueOf = (feature: string): string => {
    const value = record.find(({ FeatureName }) => FeatureName === feature)?.ValueAsString ?? '';
    if (value === '') throw invalidRecord(`The Record has no value of ${feature}, which every Record needs`);
    return value;
  };
  return { identifier: valueOf(input.RecordIdentifierFeatureName), eventTime: parseEventTime(input, valueOf(input.EventTimeFeatureName)) };
}

const integral = /^-?\d{1,19}$/;

const fits: Readonly<Record<FeatureType, (value: string) => boolean>> = {
  String: () => true,
  Integral: (value) => integral.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value),
  Fractional: (value) => value.trim() !== '' && !Number.isNaN(Number(value)),
};

/** Milliseconds since 1970. @throws {AwsError} ValidationError for a time in another format than Feature Store's */
export function parseEventTime({ EventTimeFeatureName: feature, FeatureDefinitions: definitions }: FeatureGroupRecord['input'], value: string): number {
  const isText = definitions.find((definition) => definition.FeatureName === feature)?.FeatureType === 'String';
  const fitting = isText ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(value) : /^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value);
  const time = fitting ? (isText ? Date.parse(value) : Number(value) * 1000) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw invalidRecord(`The EventTime '${value}' of ${feature} is none, expected ${isText ? "yyyy-MM-dd'T'HH:mm:ssZ or yyyy-MM-dd'T'HH:mm:ss.SSSZ" : 'a Unix timestamp in seconds'}`);
}
