import type { SplitSummary } from '../spec/split-summary.ts';
import type { Evaluation } from '../evaluation/evaluate.ts';
import type { ChampionReport } from '../evaluation/champion.ts';
import type { Latency } from '../evaluation/latency.ts';
import type { PermutationImportance } from '../evaluation/permutation.ts';
import type { SliceTable } from '../evaluation/slices.ts';
import type { GateVerdict } from '../spec/gate.ts';
import type { TrialTable } from './trial.ts';

/** A raw column of the training file, as the profile found it. */
export interface ReportColumn {
  readonly name: string;
  readonly type: string;
  /** Share of rows without a value, 0 to 1. */
  readonly nullShare: number;
  /** What the column holds, in a few words, such as `0 to 4,983` or `231 values`. */
  readonly range?: string;
}

/** Where the data came from and what it holds. */
export interface ReportData {
  /** Rows of the training file. */
  readonly rows: number;
  /** Rows with a label, by part. */
  readonly split: { readonly train: number; readonly validation: number; readonly test: number };
  /** By what they were shared out, and where it cut. @default - not shown */
  readonly splitBy?: SplitSummary;
  readonly columns?: readonly ReportColumn[];
  /** What the profile warned of. */
  readonly warnings?: readonly string[];
}

/** How the model came to be, so that anybody can repeat it. */
export interface ReportLineage {
  readonly dataset: { readonly bucket: string; readonly key: string; readonly versionId?: string; readonly sha256: string; readonly manifest?: string };
  readonly execution: { readonly name: string; readonly arn: string };
  /** Such as `slipway-histogram 0.1.0` or the image of a training job. */
  readonly trainer: string;
  readonly trainingJob?: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly artifact: { readonly bucket: string; readonly key: string; readonly sha256: string; readonly bytes?: number };
  readonly gitCommit?: string;
}

/** A feature's share of what the trees gained by splitting. */
export interface ReportImportance {
  readonly feature: string;
  /** 0 to 1; all features sum up to 1. */
  readonly share: number;
}

/** A report's input whose evaluation is of one task. */
export type ReportOf<One extends Evaluation> = Omit<ReportInput, 'evaluation'> & { readonly evaluation: One };

/** All that the report shows. Plain JSON; a number that JSON could not hold (null) is shown as a dash. */
export interface ReportInput {
  readonly title: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** What the positive class of a binary model is called, such as `late`. @default 'positive' */
  readonly positiveClass?: string;
  /** What a model of several classes or of a number predicts, such as `species`. @default 'label' */
  readonly target?: string;
  readonly evaluation: Evaluation;
  readonly gates: readonly GateVerdict[];
  readonly data: ReportData;
  readonly lineage: ReportLineage;
  readonly importance?: readonly ReportImportance[];
  /** How much worse the model is without knowing a column. @default - not shown */
  readonly permutation?: PermutationImportance;
  /** How good the model is by the values of columns. @default - not shown */
  readonly slices?: readonly SliceTable[];
  /** The model that is served, on the same rows. @default - not shown */
  readonly champion?: ChampionReport;
  /** How fast the model answers. @default - not shown */
  readonly latency?: Latency;
  /** The trials of which the model is the best. @default - its hyperparameters were not searched */
  readonly tuning?: TrialTable;
}
