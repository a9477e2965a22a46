import type { GateVerdict } from './gate-spec.ts';
import type { FeatureSpec } from './feature.ts';
import type { SplitSummary } from './split-summary.ts';

/** A file of a run: where it is, and the SHA-256 of its bytes in hex. */
export interface SourceFile {
  readonly uri: string;
  readonly sha256: string;
}

/** An object that a model was trained from: exactly one version of it, where its bucket keeps versions. */
export interface DataObject {
  readonly uri: string;
  readonly versionId?: string;
  readonly sha256?: string;
}

/** Rows by what they were used for. */
export interface SplitRows {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * Where a registered model comes from, as a whole: `lineage.json` among the run's reports. The model package's metadata hold the
 * most important of it, and this file's address and digest; they have room for fifty short values alone.
 */
export interface Lineage {
  readonly version: 1;
  readonly model: {
    readonly name: string;
    readonly task: string;
    /** How many classes it tells apart, where it is one of several. */
    readonly classes?: number;
    readonly trainer: string;
    readonly artifact: DataObject;
    /** The image that serves it, where it is a container's. */
    readonly servingImage?: string;
  };
  readonly data: {
    /** All objects; of a folder there may be many. */
    readonly objects: readonly DataObject[];
    /** What lists them, where the dataset is a folder of objects. */
    readonly manifest?: SourceFile;
    readonly rows: number;
    readonly statistics: SourceFile;
    readonly constraints: SourceFile;
  };
  readonly split: { readonly summary: SplitSummary; readonly rows: SplitRows };
  readonly features: {
    /** Of the declarations as JSON: the same features have the same digest. */
    readonly sha256: string;
    readonly declared: readonly FeatureSpec[];
  };
  readonly training: {
    readonly name: string;
    readonly arn: string;
    readonly image: string;
    /** Where the image is named by its digest. */
    readonly imageDigest?: string;
    readonly hyperParameters: Readonly<Record<string, string>>;
    /** The search of hyperparameters of which it was the best training job. */
    readonly tuning?: {
      readonly name: string;
      readonly arn: string;
      readonly trials: number;
      readonly objective: { readonly metric: string; readonly value?: number };
    };
  };
  /** The revision of the code that declared the pipeline, where the app was told. */
  readonly revision?: string;
  readonly execution: { readonly name: string; readonly arn: string; readonly startedAt?: string };
  readonly evaluation: {
    readonly summary: string;
    readonly metrics: Readonly<Record<string, number | null>>;
    readonly gates: readonly GateVerdict[];
    readonly evaluation: SourceFile;
    readonly report: string;
  };
}
