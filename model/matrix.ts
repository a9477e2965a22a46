/** Numbers in columns: what the trainer learns from and the booster predicts. NaN is a missing value. */
export interface Matrix {
  readonly rows: number;
  /** One array of `rows` values per feature. */
  readonly columns: readonly Float32Array[];
  readonly names: readonly string[];
}

/** A matrix with the label of each row. */
export interface LabelledMatrix extends Matrix {
  readonly label: Float32Array;
  /** How much each row counts. @default - every row counts as one */
  readonly weight?: Float32Array;
}
