import type { ColumnProfile } from './column-profile.ts';
import type { Constraints } from './constraints.ts';
import type { LabelProfile } from './label-profile.ts';
import type { Statistics } from './statistics.ts';
import type { ConstraintViolations } from './violations.ts';

/** What a dataset is like, and whether it may be trained on. */
export interface ValidationReport {
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly ColumnProfile[];
  readonly label?: LabelProfile;
  /** The share of rows that repeat another. */
  readonly duplicates: number;
  readonly statistics: Statistics;
  readonly constraints: Constraints;
  readonly violations: ConstraintViolations;
  readonly passed: boolean;
  /** Every reason why the dataset is refused, each a sentence; empty where it passed. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}
