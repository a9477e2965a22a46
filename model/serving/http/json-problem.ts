import type { FieldProblem } from '../errors.ts';
import { shortName } from '../errors.ts';

/**
 * The first thing that keeps a text from being JSON with each key of an object once, by the path of the field where it stands. JSON.parse tells a
 * position, which is of little use to whoever sent a generated body. Only for texts that are known to be shallow.
 */
export function jsonProblem(text: string, what: string): FieldProblem | undefined {
  try {
    new Reader(text, what).document();
    return undefined;
  } catch (error) {
    if (error instanceof Found) return error.problem;
    throw error;
  }
}

class Found extends Error {
  readonly problem: FieldProblem;
  constructor(problem: FieldProblem) {
    super(problem.field);
    this.problem = problem;
  }
}

/** What may follow, matched where the reader stands. */
const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const literal = /(?:true|false|null)(?![\w.+-])/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** What a person would take for one word, to show it. */
const word = /[^\s,:[\]{}"]+|[^]/y;

const backslash = 0x5c;

class Reader {
  private readonly text: string;
  private readonly what: string;
  private readonly path: (string | number)[] = [];
  private at = 0;

  constructor(text: string, what: string) {
    this.text = text;
    this.what = what;
  }

  document(): void {
    this.value();
    this.take(space);
    if (this.at < this.text.length) this.fail(this.found(), 'nothing more');
  }

  private value(): void {
    this.take(space);
    const next = this.text[this.at];
    if (next === '{') this.object();
    else if (next === '[') this.list();
    else if (next === '"') this.string();
    else if (this.take(number) === undefined && this.take(literal) === undefined) this.fail(this.found(), 'a JSON value');
  }

  private object(): void {
    this.at += 1;
    const keys = new Set<string>();
    if (this.closes('}')) return;
    do {
      this.take(space);
      if (this.text[this.at] !== '"') this.fail(this.found(), 'a key in double quotes');
      const name = JSON.parse(this.string()) as string;
      this.path.push(name);
      if (keys.has(name)) this.fail('given twice', 'given once');
      keys.add(name);
      this.take(space);
      if (this.text[this.at] !== ':') this.fail(this.found(), "':' behind the key");
      this.at += 1;
      this.value();
      this.path.pop();
    } while (this.continues('}'));
  }

  private list(): void {
    this.at += 1;
    if (this.closes(']')) return;
    let index = 0;
    do {
      this.path.push(index);
      this.value();
      this.path.pop();
      index += 1;
    } while (this.continues(']'));
  }

  /** Without a regular expression for the whole: one may be megabytes long. */
  private string(): string {
    const start = this.at;
    for (this.at += 1; this.text[this.at] !== '"'; ) {
      const code = this.text.charCodeAt(this.at);
      if (Number.isNaN(code)) this.fail('a text that is cut off', 'a text in double quotes');
      if (code < 0x20) this.fail(`a text with the control character ${String(code)}`, 'a text that has it escaped');
      if (code !== backslash) this.at += 1;
      else if (this.take(escape) === undefined) this.fail(`a text with the escape ${JSON.stringify(this.text.slice(this.at, this.at + 6))}`, 'an escape of JSON');
    }
    this.at += 1;
    return this.text.slice(start, this.at);
  }

  private closes(end: string): boolean {
    this.take(space);
    if (this.text[this.at] !== end) return false;
    this.at += 1;
    return true;
  }

  private continues(end: string): boolean {
    if (this.closes(end)) return false;
    if (this.text[this.at] !== ',') this.fail(this.found(), `',' or '${end}'`);
    this.at += 1;
    return true;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [taken] = pattern.exec(this.text) ?? [];
    if (taken !== undefined) this.at += taken.length;
    return taken;
  }

  private found(): string {
    if (this.at >= this.text.length) return 'cut off';
    word.lastIndex = this.at;
    const [next = ''] = word.exec(this.text) ?? [];
    return `the token ${JSON.stringify(shortName(next))} at position ${String(this.at)}`;
  }

  private fail(found: string, expected: string): never {
    const path = this.path.slice(-shownPath).map((part, index) => (typeof part === 'number' ? `[${String(part)}]` : `${index === 0 ? '' : '.'}${shortName(part)}`)).join('');
    throw new Found({ field: path === '' ? this.what : this.what === 'body' ? path : `${this.what}${path.startsWith('[') ? '' : '.'}${path}`, found, expected });
  }
}

const shownPath = 6;
