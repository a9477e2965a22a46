import { DeclarationError } from './errors.ts';

/** What a finding of a check does: nothing, for it is not looked for; a warning; or the data is refused. */
export type CheckLevel = 'off' | 'warn' | 'fail';

/** What is checked, as it is written in the declaration's JSON. */
export type CheckName =
  | 'rows'
  | 'missingColumns'
  | 'extraColumns'
  | 'types'
  | 'nulls'
  | 'ranges'
  | 'categories'
  | 'duplicates'
  | 'missingLabels'
  | 'constantLabel'
  | 'classBalance'
  | 'classRows'
  | 'leakage'
  | 'drift';

/** A check as JSON. */
export interface CheckSpec {
  readonly check: CheckName;
  readonly level: CheckLevel;
  /** What is still allowed: a share, a count, a distance; absent where the declared schema is the bound. */
  readonly bound?: number;
  /** The columns that it holds for. @default - all but those that another check of its kind names */
  readonly columns?: readonly string[];
}

/** Which columns a check is about. */
export interface ColumnCheckOptions {
  /**
   * The columns that the check holds for, in place of what holds for all.
   * @default - all columns that no other check of its kind names
   */
  readonly columns?: string[];
}

/** The bound on missing values. */
export interface NullsCheckOptions extends ColumnCheckOptions {
  /** The largest share of missing values in a column, 0.1 for 10 %. @default 0.1 */
  readonly maximumShare?: number;
}

/** The bound on rows. */
export interface RowsCheckOptions {
  /** The fewest rows. @default 100 */
  readonly minimum?: number;
}

/** The bound on repeated rows. */
export interface DuplicatesCheckOptions {
  /** The largest share of rows that repeat an earlier one in every column. @default 0.5 */
  readonly maximumShare?: number;
}

/** The bound on rows without a label. */
export interface MissingLabelsCheckOptions {
  /** The largest share of rows whose label is unknown. @default 0.5 */
  readonly maximumShare?: number;
}

/** The bound on a class's share. */
export interface ClassBalanceCheckOptions {
  /** The smallest share of the labels that each class has. @default 0.01 */
  readonly minimumShare?: number;
}

/** The bound on a class's rows. */
export interface ClassRowsCheckOptions {
  /** The fewest rows that each class has. @default 5 */
  readonly minimum?: number;
}

/** The bound on how well one column alone tells the label. */
export interface LeakageCheckOptions extends ColumnCheckOptions {
  /** The largest AUC (two classes), accuracy (several) or R² (a number) that a column may reach by itself. @default 0.98 */
  readonly maximumFigure?: number;
}

/** The bound on how far a column's values may move away from the baseline's. */
export interface DriftCheckOptions extends ColumnCheckOptions {
  /** The largest distance of two distributions beyond chance, 0 to 1: of the cumulative shares (numbers), of a value's share (texts). @default 0.1 */
  readonly maximumDistance?: number;
}

/** The bounds and levels of every check, where a pipeline declares none of its kind. */
export const defaultChecks: readonly CheckSpec[] = [
  { check: 'rows', level: 'fail', bound: 100 },
  { check: 'missingColumns', level: 'fail' },
  { check: 'extraColumns', level: 'warn' },
  { check: 'types', level: 'fail' },
  { check: 'nulls', level: 'fail', bound: 0.1 },
  { check: 'ranges', level: 'fail' },
  { check: 'categories', level: 'fail' },
  // Repeated rows fall into one part of the split, and weigh more than they tell.
  { check: 'duplicates', level: 'fail', bound: 0.5 },
  { check: 'duplicates', level: 'warn', bound: 0.05 },
  { check: 'missingLabels', level: 'fail', bound: 0.5 },
  { check: 'constantLabel', level: 'fail' },
  { check: 'classBalance', level: 'warn', bound: 0.01 },
  // With fewer, split in three, a class can hardly be both learned and judged.
  { check: 'classRows', level: 'warn', bound: 5 },
  { check: 'leakage', level: 'warn', bound: 0.98 },
  { check: 'drift', level: 'warn', bound: 0.1 },
];

/**
 * A check of the training data: what is still allowed, and what happens beyond. The same check may be declared twice, to warn at one bound
 * and to fail at another; and once more for columns of which something else holds.
 */
export class DataCheck {
  private readonly spec: CheckSpec;

  /** That there are enough rows. Fails below 100 unless told otherwise. */
  static rows(options: RowsCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('rows', wholeNumber('rows', 'minimum', options.minimum, 1)));
  }

  /** That each declared column is there. Fails unless told otherwise; at `warn`, a missing column's values are all missing. The label's column must be there in any case. */
  static missingColumns(options: ColumnCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('missingColumns', undefined, options.columns));
  }

  /** That there is no column which is not declared. Warns unless told otherwise; such a column is not used. */
  static extraColumns(options: ColumnCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('extraColumns', undefined, options.columns));
  }

  /** That each value is of its column's type. Fails unless told otherwise; at `warn`, other values are taken as missing. */
  static types(options: ColumnCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('types', undefined, options.columns));
  }

  /** That few values are missing. Fails above 10 % unless told otherwise; in a column declared not nullable none may be missing, whatever the bound. */
  static nulls(options: NullsCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('nulls', share('nulls', 'maximumShare', options.maximumShare), options.columns));
  }

  /** That each number is within its column's declared bounds and finite. Fails unless told otherwise; at `warn`, infinite numbers are taken as missing by features, others as they are. */
  static ranges(options: ColumnCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('ranges', undefined, options.columns));
  }

  /** That each text is one of its column's declared categories. Fails unless told otherwise. */
  static categories(options: ColumnCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('categories', undefined, options.columns));
  }

  /** That few rows repeat others in every column. Fails above 50 % and warns above 5 % unless told otherwise. */
  static duplicates(options: DuplicatesCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('duplicates', share('duplicates', 'maximumShare', options.maximumShare)));
  }

  /** That the label is known in most rows. Fails where it is unknown in more than half of them unless told otherwise; such rows are left out. */
  static missingLabels(options: MissingLabelsCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('missingLabels', share('missingLabels', 'maximumShare', options.maximumShare)));
  }

  /** That the label is not the same in all rows. Fails unless told otherwise. */
  static constantLabel(): DataCheck {
    return new DataCheck(specOf('constantLabel'));
  }

  /** That no class is rare. Warns of a class with less than 1 % of the labels unless told otherwise. */
  static classBalance(options: ClassBalanceCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('classBalance', share('classBalance', 'minimumShare', options.minimumShare)));
  }

  /** That each class has enough rows to be learned and judged. Warns of fewer than 5 unless told otherwise. */
  static classRows(options: ClassRowsCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('classRows', wholeNumber('classRows', 'minimum', options.minimum, 1)));
  }

  /** That no column alone nearly tells the label, as a copy of it does, or what is known only once the label is. Warns above 0.98 unless told otherwise. */
  static leakage(options: LeakageCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('leakage', share('leakage', 'maximumFigure', options.maximumFigure), options.columns));
  }

  /** That the values are distributed as in the baseline, the data of the model that was deployed last. Warns above a distance of 0.1 unless told otherwise; without a baseline nothing is compared. */
  static drift(options: DriftCheckOptions = {}): DataCheck {
    return new DataCheck(specOf('drift', share('drift', 'maximumDistance', options.maximumDistance), options.columns));
  }

  private constructor(spec: CheckSpec) {
    this.spec = spec;
  }

  /** Refuses the data beyond the bound. */
  fail(): DataCheck {
    return new DataCheck({ ...this.spec, level: 'fail' });
  }

  /** Warns beyond the bound: in the log, in `constraint_violations.json` and on the report page. */
  warn(): DataCheck {
    return new DataCheck({ ...this.spec, level: 'warn' });
  }

  /** Does not look. */
  off(): DataCheck {
    return new DataCheck({ ...this.spec, level: 'off' });
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): CheckSpec {
    return this.spec;
  }
}

function specOf(check: CheckName, bound?: number, columns?: readonly string[]): CheckSpec {
  if (columns?.length === 0) throw new DeclarationError(`DataCheck.${check}`, 'columns', columns, 'at least one column');
  const { level, bound: usual } = defaultChecks.find((one) => one.check === check)!;
  const found = bound ?? usual;
  return { check, level, ...(found === undefined ? {} : { bound: found }), ...(columns === undefined ? {} : { columns }) };
}

function share(check: CheckName, field: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(value >= 0 && value <= 1)) throw new DeclarationError(`DataCheck.${check}`, field, value, 'a share from 0 to 1');
  return value;
}

function wholeNumber(check: CheckName, field: string, value: number | undefined, least: number): number | undefined {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) throw new DeclarationError(`DataCheck.${check}`, field, value, `a whole number of at least ${String(least)}`);
  return value;
}
