/** A declaration (`Column`, `Feature`, `Gate`, ..) that cannot be honoured. Thrown where it is written, so at synth. */
export class DeclarationError extends Error {
  /** `DeclarationError`. */
  override readonly name = 'DeclarationError';
  /** The declaration. */
  readonly where: string;
  /** What is wrong in it. */
  readonly field: string;
  /** The value received. */
  readonly found: unknown;
  /** What it should be, in words. */
  readonly expected: string;

  /**
   * @param where the declaration, such as `Feature.hourOfDay('date')`
   * @param field what is wrong in it
   * @param found the value received
   * @param expected what it should be, in words
   * @param failures where several things are wrong at once: a sentence each, which the message then consists of
   */
  constructor(where: string, field: string, found: unknown, expected: string, failures: string[] = [`${field} is ${JSON.stringify(found) ?? String(found)}, expected ${expected}.`]) {
    super(`${where}: ${failures.length === 1 ? failures[0]! : `${String(failures.length)} problems\n${failures.map((failure) => `  - ${failure}`).join('\n')}`}`);
    this.where = where;
    this.field = field;
    this.found = found;
    this.expected = expected;
  }
}
