import type { Output } from '../../../core/call.ts';
import type { LaptopContext } from '../../../core/context.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Collection } from '../../../core/store.ts';
import { checkFeatureGroup } from './check.ts';
import type { FeatureGroupInput, FeatureGroupRecord } from './record.ts';

/** The feature groups of the laptop. */
export class FeatureGroups {
  readonly #context: LaptopContext;
  readonly #groups: Collection<FeatureGroupRecord>;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#groups = context.store.collection('sagemaker', 'feature-group');
  }

  /** @throws {AwsError} ResourceInUse where there is one of this name; ValidationException for what SageMaker would refuse */
  create(input: FeatureGroupInput): FeatureGroupRecord {
    if (this.find(input.FeatureGroupName) !== undefined) throw new AwsError('ResourceInUse', `Resource Already Exists: FeatureGroup with name ${input.FeatureGroupName} already exists. Choose a different name.`);
    return this.put(input);
  }

  /** Makes a group, or changes how it is described; what it holds stays. */
  put(input: FeatureGroupInput): FeatureGroupRecord {
    checkFeatureGroup(input);
    const { partition, region, accountId, clock } = this.#context;
    const name = input.FeatureGroupName;
    const creationTime = this.find(name)?.creationTime ?? clock.now().toISOString();
    const storage = input.OfflineStoreConfig?.S3StorageConfig.S3Uri.replace(/\/+$/, '');
    const record: FeatureGroupRecord = {
      name,
      arn: `arn:${partition}:sagemaker:${region}:${accountId}:feature-group/${name.toLowerCase()}`,
      input,
      creationTime,
      ...(storage === undefined ? {} : { offlineUri: `${storage}/${accountId}/sagemaker/${region}/offline-store/${name}-${Math.floor(Date.parse(creationTime) / 1000)}/data` }),
    };
    this.#groups.put(name.toLowerCase(), record);
    return record;
  }

  /** The group of this name or ARN. */
  find(nameOrArn: string): FeatureGroupRecord | undefined {
    return this.#groups.get((nameOrArn.split('/').at(-1) ?? '').toLowerCase());
  }

  /** @throws {AwsError} ResourceNotFound where there is none */
  get(nameOrArn: string): FeatureGroupRecord {
    const found = this.find(nameOrArn);
    if (found === undefined) throw new AwsError('ResourceNotFound', `Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name ${nameOrArn}`);
    return found;
  }

  /** All groups. */
  list(): FeatureGroupRecord[] {
    return this.#groups.list().map(({ value }) => value);
  }

  /** Forgets a group. */
  delete(nameOrArn: string): FeatureGroupRecord {
    const record = this.get(nameOrArn);
    this.#groups.delete(record.name.toLowerCase());
    return record;
  }
}

/** The answer of DescribeFeatureGroup. */
export function describeFeatureGroup({ arn, input, creationTime, offlineUri }: FeatureGroupRecord): Output {
  const { Tags: _tags, OfflineStoreConfig: offline, ...described } = input;
  return {
    ...described,
    FeatureGroupArn: arn,
    FeatureGroupStatus: 'Created',
    CreationTime: new Date(creationTime),
    ...(offline === undefined
      ? {}
      : { OfflineStoreConfig: { ...offline, S3StorageConfig: { ...offline.S3StorageConfig, ResolvedOutputS3Uri: offlineUri } }, OfflineStoreStatus: { Status: 'Active' } }),
  };
}
