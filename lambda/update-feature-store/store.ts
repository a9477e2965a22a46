import { BatchGetRecordCommand, PutRecordCommand, type SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { FeatureRecord } from '../../model/data/newest.ts';
import type { FeatureGroupSpec } from '../../model/spec/feature-group.ts';
import type { RecordStore } from './write.ts';

/** As many identifiers as BatchGetRecord takes. */
const identifiersACall = 100;

/** A feature group behind SageMaker's runtime. @param online whether it can be asked what it has */
export function featureGroupStore(client: SageMakerFeatureStoreRuntimeClient, groupName: string, group: FeatureGroupSpec, online: boolean): RecordStore {
  const nameOf = (column: string): string => group.features.find((feature) => feature.column === column)!.name;
  const [identifier, eventTime] = [nameOf(group.recordIdentifier), nameOf(group.eventTime)];
  const isText = group.features.find(({ name }) => name === eventTime)!.type === 'String';
  const instant = (time: string): number => (isText ? Date.parse(time) : Number(time));

  async function knownTimes(records: readonly FeatureRecord[]): Promise<Map<string, number>> {
    const identifiers = records.map((record) => record[identifier]!);
    const answer = await client.send(new BatchGetRecordCommand({ Identifiers: [{ FeatureGroupName: groupName, RecordIdentifiersValueAsString: identifiers, FeatureNames: [eventTime] }] }));
    const [error] = answer.Errors ?? [];
    if (error !== undefined) throw Object.assign(new Error(`${groupName}, record ${error.RecordIdentifierValueAsString ?? ''}: ${error.ErrorMessage ?? ''}`), { name: error.ErrorCode ?? 'BatchGetRecordError' });
    // Identifiers that were not processed count as not known: an older record never replaces a newer one.
    return new Map((answer.Records ?? []).map(({ RecordIdentifierValueAsString: id = '', Record: values = [] }) => [id, instant(values[0]?.ValueAsString ?? '')]));
  }

  return {
    async missing(records) {
      if (!online) return records;
      const parts = Array.from({ length: Math.ceil(records.length / identifiersACall) }, (_, part) => records.slice(part * identifiersACall, (part + 1) * identifiersACall));
      const missing = await Promise.all(
        parts.map(async (part) => {
          const known = await knownTimes(part);
          return part.filter((record) => !(instant(record[eventTime]!) <= (known.get(record[identifier]!) ?? Number.NaN)));
        }),
      );
      return missing.flat();
    },
    async put(record) {
      const values = Object.entries(record).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString }));
      await client.send(new PutRecordCommand({ FeatureGroupName: groupName, Record: values }));
    },
  };
}
