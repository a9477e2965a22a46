/** Walks through a text that is being parsed. */
export class Scanner {
  position = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether everything is read. */
  get done(): boolean {
    return this.position >= this.text.length;
  }

  /** Whether `token` comes next. */
  peek(token: string): boolean {
    return this.text.startsWith(token, this.position);
  }

  /** Steps over `token` if it comes next. */
  take(token: string): boolean {
    if (!this.peek(token)) return false;
    this.position += token.length;
    return true;
  }

  /** Steps over white space and `token`, or stays where it is. */
  takeSpaced(token: string): boolean {
    const start = this.position;
    this.space();
    if (this.take(token)) return true;
    this.position = start;
    return false;
  }

  /** Steps over `token`, which must come next. */
  expect(token: string): void {
    if (!this.take(token)) throw this.error(`'${token}'`);
  }

  /** Steps over what a sticky pattern matches. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  /** Steps over white space. */
  space(): void {
    this.match(/\s*/y);
  }

  /** Steps over an integer, if one comes next. */
  integer(): number | undefined {
    const digits = this.match(/\s*-?\d+\s*/y);
    return digits === undefined ? undefined : Number(digits);
  }

  /** Steps over a quoted text and answers what it says. */
  quoted(): string {
    const quote = this.peek("'") ? "'" : '"';
    this.expect(quote);
    let value = '';
    while (!this.take(quote)) {
      if (this.done) throw this.error(`a closing ${quote}`);
      if (this.take('\\') && this.done) throw this.error('an escaped character');
      value += this.text[this.position++] ?? '';
    }
    return value;
  }

  /** The text from `start` to here. */
  since(start: number): string {
    return this.text.slice(start, this.position);
  }

  /** An error that says what was expected here. */
  error(expected: string): SyntaxError {
    const found = this.done ? 'its end' : `'${this.text.slice(this.position, this.position + 12)}'`;
    return new SyntaxError(`'${this.text}': expected ${expected} at character ${this.position}, found ${found}`);
  }
}
