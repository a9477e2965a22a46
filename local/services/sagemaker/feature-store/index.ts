import type { Operation, Output } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import type { ResourceProvider } from '../../../core/resource.ts';
import { listPage } from '../lists.ts';
import type { ListInput } from '../lists.ts';
import { describeFeatureGroup, FeatureGroups } from './groups.ts';
import { OfflineStore } from './offline.ts';
import { OnlineStore } from './online.ts';
import type { FeatureGroupInput } from './record.ts';
import { featureStoreRuntime } from './runtime.ts';

/** What the feature store adds to SageMaker's service. */
export interface FeatureStore {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly provider: ResourceProvider;
  /** Writes what an earlier laptop left to write. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Amazon SageMaker Feature Store: groups, the online store in the laptop's own store, the offline store as Parquet files in S3. */
export function createFeatureStore(context: LaptopContext): FeatureStore {
  const groups = new FeatureGroups(context);
  const online = new OnlineStore(context);
  const offline = new OfflineStore(context, groups);
  const remove = (nameOrArn: string): void => {
    online.clear(groups.delete(nameOrArn).name);
  };
  return {
    operations: {
      CreateFeatureGroup: (input: FeatureGroupInput): Output => ({ FeatureGroupArn: groups.create(input).arn }),
      DescribeFeatureGroup: ({ FeatureGroupName }: { FeatureGroupName: string }): Output => describeFeatureGroup(groups.get(FeatureGroupName)),
      ListFeatureGroups: (input: ListInput): Output =>
        listPage('FeatureGroupSummaries', groups.list(), input, 'Ascending', (group) => {
          const { FeatureGroupName, FeatureGroupArn, CreationTime, FeatureGroupStatus, OfflineStoreStatus } = describeFeatureGroup(group);
          return { FeatureGroupName, FeatureGroupArn, CreationTime, FeatureGroupStatus, OfflineStoreStatus };
        }),
      DeleteFeatureGroup({ FeatureGroupName }: { FeatureGroupName: string }): Output {
        remove(FeatureGroupName);
        return {};
      },
      ...featureStoreRuntime(context, groups, online, offline),
    },
    provider: {
      type: 'AWS::SageMaker::FeatureGroup',
      apply({ properties }) {
        const { name, creationTime } = groups.put(properties as unknown as FeatureGroupInput);
        return { physicalId: name, attributes: { FeatureGroupStatus: 'Created', CreationTime: creationTime } };
      },
      remove(previous) {
        if (groups.find(previous.physicalId) !== undefined) remove(previous.physicalId);
      },
    },
    ready: () => offline.flush(),
    close: () => offline.flush(),
  };
}
