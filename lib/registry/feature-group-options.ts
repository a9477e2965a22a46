import type { Duration } from 'aws-cdk-lib';

/** What of a pipeline's data SageMaker Feature Store keeps, and where. */
export interface FeatureGroupOptions {
  /** The column whose value tells records apart, such as `customer`: a string or an integer. */
  readonly recordIdentifier: string;

  /**
   * The column that says when a record came to be: a timestamp (taken as UTC), or Unix seconds. Of an identifier's rows the newest counts, and
   * an older one never replaces a newer one.
   */
  readonly eventTime: string;

  /**
   * The columns that are kept, beside these two.
   * @default - all but the label's
   */
  readonly columns?: string[];

  /**
   * The group's name, up to 64 letters, digits, `-` and `_`. A group whose identifier, time, types, stores or keys are changed is another
   * group: with a name of its own it cannot be replaced. The old one is kept, and the new one begins empty.
   * @default - a name made from the construct's path, the columns, the stores and the first part of the stack's GUID
   */
  readonly featureGroupName?: string;

  /**
   * Whether the newest record of each identifier can be read within milliseconds. SageMaker bills what is written, read and kept, and nothing by
   * the hour.
   * @default true
   */
  readonly online?: boolean;

  /**
   * Whether every record that ever came is kept, as Parquet files under `features/` of the artifact bucket.
   * @default false
   */
  readonly offline?: boolean;

  /**
   * How long after its time a record stays in the online store.
   * @default - for good
   */
  readonly timeToLive?: Duration;

  /**
   * Data with more identifiers is refused before anything is written. Writing so many, `writesPerSecond` at a time, has to fit into the 14
   * minutes that a function has for it.
   * @default 500_000
   */
  readonly maximumRecords?: number;

  /**
   * Records that are written in a second, at most. The account's quota of PutRecord is 10,000 a second for all who write.
   * @default 1000
   */
  readonly writesPerSecond?: number;
}

/** Defaults of a feature group. */
export const featureGroupDefaults = { online: true, offline: false, maximumRecords: 500_000, writesPerSecond: 1000 } as const;
