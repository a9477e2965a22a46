/** What a feature holds. */
export type FeatureType = 'Integral' | 'Fractional' | 'String';

/** How long a record is kept after its event. */
export interface TtlDuration {
  readonly Unit: 'Seconds' | 'Minutes' | 'Hours' | 'Days' | 'Weeks';
  readonly Value: number;
}

/** The members of CreateFeatureGroup. */
export interface FeatureGroupInput {
  readonly FeatureGroupName: string;
  readonly RecordIdentifierFeatureName: string;
  readonly EventTimeFeatureName: string;
  readonly FeatureDefinitions: readonly { readonly FeatureName: string; readonly FeatureType: FeatureType; readonly CollectionType?: string }[];
  readonly OnlineStoreConfig?: { readonly EnableOnlineStore?: boolean; readonly TtlDuration?: TtlDuration };
  readonly OfflineStoreConfig?: { readonly S3StorageConfig: { readonly S3Uri: string; readonly KmsKeyId?: string }; readonly TableFormat?: string };
  readonly RoleArn?: string;
  readonly Description?: string;
  readonly Tags?: readonly unknown[];
}

/** A feature group, as the store keeps it. */
export interface FeatureGroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly input: FeatureGroupInput;
  /** ISO. */
  readonly creationTime: string;
  /** Where its offline records lie. */
  readonly offlineUri?: string;
}

/** A feature's value in a record. */
export interface FeatureValue {
  readonly FeatureName: string;
  readonly ValueAsString?: string;
  readonly ValueAsStringList?: readonly string[];
}

/** A store of a group. */
export type TargetStore = 'OnlineStore' | 'OfflineStore';

/** A record of the online store: the newest of its identifier. */
export interface OnlineRecord {
  readonly values: readonly FeatureValue[];
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  /** Deleted softly: its event time stands, its values do not. */
  readonly deleted?: true;
}

/** A record that waits to be written to the offline store. */
export interface OfflineRecord {
  readonly group: string;
  readonly values: readonly FeatureValue[];
  readonly eventTime: number;
  readonly invokedAt: number;
  readonly deleted: boolean;
}
