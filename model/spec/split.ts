import { DeclarationError } from './errors.ts';

/** A split as JSON: shares that sum to 1. */
export interface SplitSpec {
  readonly kind: 'rowHash';
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** The shares of the rows. */
export interface SplitShares {
  /** The share that the trees are grown on. @default 0.8 */
  readonly train?: number;
  /** The share that early stopping watches. @default 0.1 */
  readonly validation?: number;
  /** The share that is held out for the evaluation and the gate. @default 0.1 */
  readonly test?: number;
}

/** How rows are shared out between training, validation and test. */
export class Split {
  private readonly spec: SplitSpec;

  /** By a hash of the row's content: the same row always falls in the same part, also in next month's file, and equal rows stay together. */
  static byRowHash(shares: SplitShares = {}): Split {
    const train = shares.train ?? defaultShares.train;
    const validation = shares.validation ?? defaultShares.validation;
    const test = shares.test ?? defaultShares.test;
    for (const [field, share] of Object.entries({ train, validation, test })) {
      if (!(share > 0 && share < 1)) throw new DeclarationError('Split.byRowHash', field, share, 'a share between 0 and 1');
    }
    if (Math.abs(train + validation + test - 1) > 1e-9) {
      throw new DeclarationError('Split.byRowHash', 'sum of shares', train + validation + test, '1');
    }
    return new Split({ kind: 'rowHash', train, validation, test });
  }

  private constructor(spec: SplitSpec) {
    this.spec = spec;
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): SplitSpec {
    return this.spec;
  }
}

const defaultShares = { train: 0.8, validation: 0.1, test: 0.1 };
