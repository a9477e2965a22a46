import { randomUUID } from 'node:crypto';
import type { LaptopContext } from '../../../core/context.ts';
import type { Collection } from '../../../core/store.ts';
import type { FeatureGroups } from './groups.ts';
import { writeParquet, type ParquetColumn } from './parquet.ts';
import type { FeatureGroupRecord, FeatureType, OfflineRecord } from './record.ts';

/** AWS writes what came within 15 minutes; on a laptop nobody waits so long. */
const flushAfterMs = 1000;

/** The offline store: each record that ever came, in Parquet files in the group's bucket. What waits to be written outlives the process. */
export class OfflineStore {
  readonly #context: LaptopContext;
  readonly #groups: FeatureGroups;
  readonly #waiting: Collection<OfflineRecord>;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(context: LaptopContext, groups: FeatureGroups) {
    this.#context = context;
    this.#groups = groups;
    this.#waiting = context.store.collection('sagemaker', 'feature-offline');
  }

  /** Takes a record; it is written a little later, with others of its hour. */
  add(record: OfflineRecord): void {
    this.#waiting.put(`${record.group}/${String(record.invokedAt).padStart(14, '0')}-${randomUUID()}`, record);
    this.#timer ??= setTimeout(() => void this.flush(), flushAfterMs);
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting.list();
    for (const [partition, entries] of Map.groupBy(waiting, ({ value }) => `${value.group} ${hourOf(value.eventTime)}`)) {
      const group = this.#groups.find(partition.slice(0, partition.indexOf(' ')));
      const records = entries.map(({ value }) => value);
      try {
        if (group?.offlineUri !== undefined) await this.#writeFile(group, group.offlineUri, records);
        for (const { id } of entries) this.#waiting.delete(id);
      } catch (error) {
        this.#context.emit({ type: 'notice', subject: group?.name ?? '', message: `The offline store of the feature group ${group?.name ?? ''} could not be written: ${(error as Error).message}` });
      }
    }
  }

  /** One file an hour of events, under AWS's names. */
  async #writeFile(group: FeatureGroupRecord, uri: string, records: readonly OfflineRecord[]): Promise<void> {
    const newest = Math.max(...records.map(({ eventTime }) => eventTime));
    const name = `${new Date(newest).toISOString().replace(/[-:]|\.\d+/g, '')}_${randomUUID().replaceAll('-', '').slice(0, 16)}.parquet`;
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
    const kmsKeyId = group.input.OfflineStoreConfig?.S3StorageConfig.KmsKeyId;
    await this.#context.dispatch({
      service: 's3',
      operation: 'PutObject',
      input: {
        Bucket: bucket,
        Key: `${prefix}/${hourOf(newest)}/${name}`,
        Body: writeParquet(columnsOf(group, records, this.#context.clock.now().getTime())),
        ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
      },
      caller: this.#context.identity.role(group.input.RoleArn ?? '', 'SageMaker-FeatureStore'),
    });
  }
}

/** `year=2026/month=11/day=20/hour=12`. */
function hourOf(eventTime: number): string {
  const [year, month, day, hour] = new Date(eventTime).toISOString().split(/[-T:]/);
  return `year=${year}/month=${month}/day=${day}/hour=${hour}`;
}

const columnTypes: Readonly<Record<FeatureType, ParquetColumn['type']>> = { String: 'text', Integral: 'integer', Fractional: 'double' };

function columnsOf({ input }: FeatureGroupRecord, records: readonly OfflineRecord[], writeTime: number): ParquetColumn[] {
  const features = input.FeatureDefinitions.map(({ FeatureName: name, FeatureType: type }): ParquetColumn => ({
    name,
    type: columnTypes[type],
    values: records.map(({ values }) => valueOf(type, values.find(({ FeatureName }) => FeatureName === name)?.ValueAsString)),
  }));
  return [
    ...features,
    { name: 'write_time', type: 'timestamp', values: records.map(() => writeTime) },
    { name: 'api_invocation_time', type: 'timestamp', values: records.map(({ invokedAt }) => invokedAt) },
    { name: 'is_deleted', type: 'boolean', values: records.map(({ deleted }) => deleted) },
  ];
}

function valueOf(type: FeatureType, value: string | undefined): string | number | bigint | null {
  if (value === undefined) return null;
  if (type === 'Integral') return BigInt(value);
  return type === 'Fractional' ? Number(value) : value;
}
