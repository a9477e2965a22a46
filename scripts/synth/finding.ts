/** Something wrong with the synthesised app. */
export interface Finding {
  /** Which check found it. */
  readonly check: string;
  /** The construct path, or the stack and logical id. */
  readonly where: string;
  readonly message: string;
}

/** What a check has to say: how much it looked at, what it found, and why it did not run where it could not. */
export interface CheckResult {
  readonly check: string;
  /** What was looked at, such as `31 policies`. */
  readonly looked: string;
  readonly findings: readonly Finding[];
  readonly skipped?: string;
}
