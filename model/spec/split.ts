import type { ColumnType, DatasetSpec } from './dataset.ts';
import { DeclarationError } from './errors.ts';
import type { FeatureSpec } from './feature.ts';

/**
 * A split as JSON: by a hash of the row, the order of their times, or a hash of what they have in common; shares that sum to 1, and the column that a split by time or by group stands on.
 */
export type SplitSpec =
  | { readonly kind: 'rowHash'; readonly train: number; readonly validation: number; readonly test: number }
  | { readonly kind: 'time' | 'group'; readonly column: string; readonly train: number; readonly validation: number; readonly test: number };

/** The shares of the rows. */
export interface SplitShares {
  /** The share that the trees are grown on. @default 0.8 */
  readonly train?: number;
  /** The share that early stopping watches. @default 0.1 */
  readonly validation?: number;
  /** The share that is held out for the evaluation and the gate. @default 0.1 */
  readonly test?: number;
}

/**
 * How rows are shared out between training, validation and test. It decides which question the held-out metric answers: how good the model is
 * on more rows like these (`byRowHash`), on rows of later days (`byTime`), or on customers, machines, patients that it has not seen (`byGroup`).
 */
export class Split {
  private readonly spec: SplitSpec;

  /**
   * By a hash of the row's content: the same row always falls in the same part, also in next month's file, and equal rows stay together.
   * @throws DeclarationError where a share is not between 0 and 1, or they do not sum to 1
   */
  static byRowHash(shares: SplitShares = {}): Split {
    return new Split({ kind: 'rowHash', ...checkedShares('Split.byRowHash', shares) });
  }

  /**
   * By time: trained on the oldest rows, validated on the next, tested on the newest, as a model is used that learns from the past.
   * The shares are of the rows that have a label and a time. Rows of the same time stay together, so the cuts lie at the times nearest to
   * the shares. Rows without a time are left out and counted.
   * @param column a timestamp, or a whole number that grows with time, such as a year.
   * @throws DeclarationError where a share is not between 0 and 1, or they do not sum to 1
   */
  static byTime(column: string, shares: SplitShares = {}): Split {
    return new Split({ kind: 'time', column, ...checkedShares(`Split.byTime('${column}')`, shares) });
  }

  /**
   * By what rows have in common, such as a customer: a hash of the group's value, so that no group stands in two parts, also in next month's
   * file. The shares are of the groups: few groups, or groups of very different size, give parts of other sizes. Rows without a group are
   * left out and counted.
   * @param column a text or a whole number that names the group.
   * @throws DeclarationError where a share is not between 0 and 1, or they do not sum to 1
   */
  static byGroup(column: string, shares: SplitShares = {}): Split {
    return new Split({ kind: 'group', column, ...checkedShares(`Split.byGroup('${column}')`, shares) });
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

const columnTypesOf: Readonly<Record<'time' | 'group', readonly ColumnType[]>> = { time: ['timestamp', 'integer'], group: ['string', 'integer'] };

/** Checks a split against the dataset and the features that it is for, and returns every error found (none when all is well). */
export function checkSplit(dataset: DatasetSpec, split: SplitSpec, features: readonly FeatureSpec[]): DeclarationError[] {
  if (split.kind === 'rowHash') return [];
  const where = `Split.${split.kind === 'time' ? 'byTime' : 'byGroup'}('${split.column}')`;
  const column = dataset.columns.find(({ name }) => name === split.column);
  if (column === undefined) return [new DeclarationError(where, 'column', split.column, `one of ${dataset.columns.map(({ name }) => name).join(', ')}`)];
  const errors: DeclarationError[] = [];
  if (split.column === dataset.label.column) {
    errors.push(new DeclarationError(where, 'column', split.column, 'a column other than the label: parts that differ by what is predicted cannot judge a model'));
  }
  const fitting = columnTypesOf[split.kind];
  if (!fitting.includes(column.type)) errors.push(new DeclarationError(where, 'column type', column.type, fitting.join(' or ')));
  if (split.kind === 'group') {
    for (const { transform, name } of features.filter((feature) => feature.column === split.column && learnsValues.includes(feature.transform))) {
      const expected = 'no feature that learns the groups one by one: none of those that are held out would be among them, so the feature would be missing in every row that the model is judged by';
      errors.push(new DeclarationError(where, `Feature.${transform}`, name, expected));
    }
  }
  return errors;
}

/** Features that look a value up in what was learned of it. */
const learnsValues: readonly string[] = ['category', 'targetMean'];

const defaultShares = { train: 0.8, validation: 0.1, test: 0.1 };

function checkedShares(where: string, shares: SplitShares): typeof defaultShares {
  const train = shares.train ?? defaultShares.train;
  const validation = shares.validation ?? defaultShares.validation;
  const test = shares.test ?? defaultShares.test;
  for (const [field, share] of Object.entries({ train, validation, test })) {
    if (!(share > 0 && share < 1)) throw new DeclarationError(where, field, share, 'a share between 0 and 1');
  }
  if (Math.abs(train + validation + test - 1) > 1e-9) throw new DeclarationError(where, 'sum of shares', train + validation + test, '1');
  return { train, validation, test };
}
