/** The checks that SageMaker Model Monitor names. */
export type ConstraintCheckType =
  | 'data_type_check'
  | 'completeness_check'
  | 'baseline_drift_check'
  | 'missing_column_check'
  | 'extra_column_check'
  | 'categorical_values_check';

/** One entry of `constraint_violations.json`. */
export interface ConstraintViolation {
  /** The column, or `(dataset)` for what concerns no single one. */
  readonly feature_name: string;
  readonly constraint_check_type: ConstraintCheckType;
  readonly description: string;
}

/** `constraint_violations.json`, as SageMaker Model Monitor writes it. */
export interface ConstraintViolations {
  readonly violations: readonly ConstraintViolation[];
}

/** What a check found. */
export interface Finding {
  readonly severity: 'fail' | 'warn';
  readonly column?: string;
  /** The file, where the dataset has several. */
  readonly file?: string;
  readonly check: ConstraintCheckType;
  /** What was found, what was expected, and where it helps the fix. */
  readonly description: string;
}

/** Stands where no single column is concerned; no column can be called so. */
const wholeDataset = '(dataset)';

/** Findings in the form of Model Monitor's file. */
export function toViolations(findings: readonly Finding[]): ConstraintViolations {
  return {
    violations: findings.map((finding) => ({ feature_name: finding.column ?? wholeDataset, constraint_check_type: finding.check, description: ofFile(finding) })),
  };
}

/** A finding as one sentence for people: with its file and its column in front. */
export function toSentence(finding: Finding): string {
  return finding.column === undefined ? ofFile(finding) : `'${finding.column}': ${ofFile(finding)}`;
}

function ofFile({ file, description }: Finding): string {
  return file === undefined ? description : `${file}: ${description}`;
}
