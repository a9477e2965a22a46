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
   */
  constructor(where: string, field: string, found: unknown, expected: string) {
    super(`${where}: ${field} is ${JSON.stringify(found) ?? String(found)}, expected ${expected}.`);
    this.where = where;
    this.field = field;
    this.found = found;
    this.expected = expected;
  }
}
