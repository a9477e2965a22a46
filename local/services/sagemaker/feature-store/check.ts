import { checkPattern, checkRequired, invalid } from '../validate.ts';
import type { FeatureGroupInput } from './record.ts';

const featureName = /^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$/;
const reserved = ['is_deleted', 'write_time', 'api_invocation_time'];
const mostDefinitions = 2500;

/** @throws {AwsError} ValidationException for a feature group that SageMaker would refuse */
export function checkFeatureGroup(input: FeatureGroupInput): void {
  const { FeatureGroupName: name, RecordIdentifierFeatureName: identifier, EventTimeFeatureName: eventTime, FeatureDefinitions: definitions = [], OnlineStoreConfig: online, OfflineStoreConfig: offline } = input;
  checkRequired('featureGroupName', name);
  checkPattern('featureGroupName', name, featureName);
  if (definitions.length < 1 || definitions.length > mostDefinitions) throw invalid(`FeatureDefinitions takes 1 to ${mostDefinitions} features, found ${definitions.length}`);
  const names = definitions.map((definition) => definition.FeatureName);
  for (const feature of names) {
    checkPattern('featureDefinitions.featureName', feature, featureName);
    if (reserved.includes(feature)) throw invalid(`FeatureName '${feature}' is reserved`);
    if (names.indexOf(feature) !== names.lastIndexOf(feature)) throw invalid(`FeatureName '${feature}' stands twice`);
  }
  for (const definition of definitions) {
    checkPattern('featureDefinitions.featureType', definition.FeatureType, /^(Integral|Fractional|String)$/);
    if (definition.CollectionType !== undefined) throw invalid('The laptop serves no features of collections: leave CollectionType out');
  }
  if (!names.includes(identifier)) throw invalid(`RecordIdentifierFeatureName '${identifier}' is none of the FeatureDefinitions`);
  const time = definitions.find((definition) => definition.FeatureName === eventTime);
  if (time === undefined) throw invalid(`EventTimeFeatureName '${eventTime}' is none of the FeatureDefinitions`);
  if (time.FeatureType === 'Integral') throw invalid('The EventTime feature is Integral, expected String or Fractional');
  if (online?.EnableOnlineStore !== true && offline === undefined) throw invalid('A feature group needs an online store, an offline store or both');
  if (online?.TtlDuration !== undefined && (online.EnableOnlineStore !== true || !(online.TtlDuration.Value >= 1))) throw invalid('TtlDuration is for an online store, and at least 1');
  if (offline === undefined) return;
  checkPattern('offlineStoreConfig.s3StorageConfig.s3Uri', offline.S3StorageConfig.S3Uri, /^(https|s3):\/\/([^/]+)\/?(.*)$/);
  checkRequired('roleArn', input.RoleArn);
  if ((offline.TableFormat ?? 'Glue') !== 'Glue' && offline.TableFormat !== 'Default') throw invalid(`The laptop writes no ${offline.TableFormat} tables: leave TableFormat out`);
}
