/** Rows per block of the loss sums: blocks are summed in their order, so that the sum is the same for any number of threads. */
export const blockRows = 4096;

/** A binned part of the data and what boosting keeps for each of its rows, in memory that all threads share. */
export interface SharedRows {
  readonly rows: number;
  /** Bin codes row by row: a histogram wants all features of a row. */
  readonly bins: Uint8Array | Uint16Array;
  /** The same codes feature by feature: a split wants one feature of many rows. */
  readonly columns: readonly (Uint8Array | Uint16Array)[];
  readonly label: Float32Array;
  /** How much each row counts; undefined where every row counts as one. */
  readonly weight: Float32Array | undefined;
  /** What the rows count together: their number where they have no weights. */
  readonly totalWeight: number;
  readonly largestWeight: number;
  /** The model's output so far, before the objective's link: all rows of the first output, then of the second. */
  readonly margin: Float32Array;
  /** Sums of the objective's own loss per block of rows. */
  readonly blockLoss: Float64Array;
  /** The largest gradient and Hessian per block of rows, where the objective does not bound them. */
  readonly blockGradient: Float64Array;
  readonly blockHessian: Float64Array;
}

/** Grid steps per unit of gradient and of Hessian. */
export interface GridScale {
  readonly gradient: number;
  readonly hessian: number;
}

/** All that the threads share. Everything lies in SharedArrayBuffers; a shard touches only its own rows and histogram region. */
export interface SharedState {
  readonly features: number;
  /** Codes per feature in a histogram. */
  readonly stride: number;
  readonly train: SharedRows;
  readonly validation: SharedRows | undefined;
  /** XGBoost's name of what is learned. */
  readonly objective: string;
  /** Values that the model predicts for a row, and so trees a round. */
  readonly outputs: number;
  /** Gradient and Hessian of each training row, output after output, as whole numbers on a round's grid: their float64 sums are exact in any order. */
  readonly gradients: Int32Array;
  /** Training rows, grouped by the node that they have reached. */
  readonly order: Int32Array;
  readonly scratch: Int32Array;
  /** `slots` histograms per shard, each `features * stride` pairs of gradient and Hessian sums. */
  readonly histograms: Float64Array;
  readonly slots: number;
  readonly shards: number;
  readonly scalePosWeight: number;
  readonly maxDeltaStep: number;
  readonly subsample: number;
  readonly seed: number;
}

/** The rows that one thread works on. */
export interface ShardRange {
  readonly shard: number;
  readonly trainStart: number;
  readonly trainEnd: number;
  readonly validationStart: number;
  readonly validationEnd: number;
}

/** A split of a node, in bins. */
export interface NodeSplit {
  readonly node: number;
  readonly left: number;
  readonly right: number;
  readonly feature: number;
  /** Codes up to this one go left. */
  readonly bin: number;
  /** The code of a missing value. */
  readonly missing: number;
  readonly missingLeft: boolean;
}

/** A finished tree in bins: a leaf has left -1. */
export interface BinnedTree {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  readonly bin: Int32Array;
  readonly missing: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly value: Float32Array;
}

/** A tree that the margins do not hold yet. */
export interface FinishedTree {
  /** The output that it adds to. */
  readonly output: number;
  readonly tree: BinnedTree;
  readonly lastSplits: readonly NodeSplit[];
}

/** Whose losses are wanted. */
export interface Losses {
  readonly train: boolean;
  readonly validation: boolean;
}

/** A round and its grid. */
export interface RoundGradients {
  readonly round: number;
  readonly scale: GridScale;
}

/** What the grower asks of every shard. */
export type ShardCommand =
  /**
   * In this order, each where it is asked for: adds the last tree to the margins, sums the losses, computes a round's gradients,
   * and sums the root's histogram of an output's next tree in slot 0.
   * The splits of the tree's last level come along: their rows need no parting any more, only their leaf's value.
   */
  | { readonly kind: 'tree'; readonly last?: FinishedTree; readonly losses?: Losses; readonly gradients?: RoundGradients; readonly root?: number }
  /** Adds trees of an earlier training, which no partition tracks, to the margins. */
  | { readonly kind: 'replay'; readonly trees: readonly Omit<FinishedTree, 'lastSplits'>[] }
  /** Parts the rows of nodes, then fills one histogram slot per node of `build`. */
  | { readonly kind: 'expand'; readonly splits: readonly NodeSplit[]; readonly build: readonly number[] };

/** A zeroed typed array in shared memory. */
export const shared = {
  uint8: (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length)),
  uint16: (length: number): Uint16Array => new Uint16Array(new SharedArrayBuffer(length * 2)),
  int32: (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4)),
  float32: (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(length * 4)),
  float64: (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8)),
};
