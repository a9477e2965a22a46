import type { IConstruct } from 'constructs';

/** Props of a construct that cannot be honoured. Names the construct and every failure at once. */
export class ConfigurationError extends Error {
  /** `ConfigurationError`. */
  override readonly name = 'ConfigurationError';
  /** The path of the construct in the app. */
  readonly constructPath: string;
  /** What is wrong, a sentence each. */
  readonly failures: string[];

  /**
   * @param scope the construct whose props are wrong
   * @param failures what is wrong: the value received, what was expected and the fix, a sentence each
   */
  constructor(scope: IConstruct, failures: string[]) {
    super(`${scope.node.path}: ${failures.length === 1 ? failures[0]! : `${String(failures.length)} problems\n${failures.map((failure) => `  - ${failure}`).join('\n')}`}`);
    this.constructPath = scope.node.path;
    this.failures = failures;
  }
}
