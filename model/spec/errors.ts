/** A declaration (`Column`, `Feature`, `Gate`, ..) that cannot be honoured. Thrown where it is written, so at synth. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError';
  readonly where: string;
  readonly field: string;
  readonly found: unknown;
  readonly expected: string;

  /**
   * @param where the declaration, such as `Feature.hourOfDay('date')`
   * @param field what is wrong in it
   * @param found the value received
   * @param expected what it should be, in words
   * @param failures where several things are wrong at once: a sentence each, which the message then consists of
   */
  constructor(where: string, field: string, found: unknown, expected: string, failures: readonly string[] = [`${field} is ${JSON.stringify(found) ?? String(found)}, expected ${expected}.`]) {
    super(`${where}: ${failures.length === 1 ? failures[0]! : `${String(failures.length)} problems\n${failures.map((failure) => `  - ${failure}`).join('\n')}`}`);
    this.where = where;
    this.field = field;
    this.found = found;
    this.expected = expected;
  }
}
