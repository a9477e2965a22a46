/** An expression of a mapping template. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | Reference;

/** `$name.property.method(..)[..]`. */
export interface Reference {
  readonly kind: 'reference';
  readonly name: string;
  readonly steps: readonly Step[];
  /** As written: what stays in the text when it stands for nothing. */
  readonly source: string;
  /** `$!name` stands for the empty text instead. */
  readonly isQuiet: boolean;
}

/** One step into a value. */
export type Step = { readonly kind: 'property'; readonly name: string } | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] } | { readonly kind: 'index'; readonly index: Expression };

/** A piece of a mapping template. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly reference: Reference }
  | { readonly kind: 'set'; readonly target: Reference; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly { readonly condition?: Expression; readonly body: readonly Node[] }[] }
  | { readonly kind: 'foreach'; readonly name: string; readonly list: Expression; readonly body: readonly Node[] };

/** The part of the Velocity Template Language that mapping templates are written in: `#set`, `#if`, `#foreach` and references. @throws where it is none */
export function parseTemplate(source: string): Node[] {
  const parser = new Parser(source);
  const nodes = parser.nodes();
  if (!parser.isAtEnd) parser.fail('a directive without its beginning');
  return nodes;
}

const operators: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+']];

class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  fail(what: string): never {
    throw new Error(`The mapping template has ${what} at "${this.#source.slice(this.#at, this.#at + 30)}".`);
  }

  /** Up to the end, or a directive that closes a block. */
  nodes(): Node[] {
    const nodes: Node[] = [];
    for (;;) {
      const text = this.#take(/[^#$]+/y) ?? '';
      if (text !== '') nodes.push({ kind: 'text', text });
      if (this.isAtEnd || this.#looksAt(/#\{?(end|else|elseif)\b/y)) return nodes;
      nodes.push(...this.#special());
    }
  }

  #special(): Node[] {
    if (this.#take(/##[^\n]*(\n|$)/y) !== undefined) return [];
    if (this.#take(/#set\s*\(/y) !== undefined) return [this.#set()];
    if (this.#take(/#if\s*\(/y) !== undefined) return [this.#if()];
    if (this.#take(/#foreach\s*\(/y) !== undefined) return [this.#foreach()];
    const reference = this.#reference();
    return [reference === undefined ? { kind: 'text', text: this.#take(/[#$]/y)! } : { kind: 'value', reference }];
  }

  #set(): Node {
    const target = this.#required(this.#reference(true), 'no reference');
    this.#expect(/\s*=/y, '"="');
    const value = this.expression();
    this.#endOfDirective();
    return { kind: 'set', target, value };
  }

  #if(): Node {
    const branches: { condition?: Expression; body: Node[] }[] = [];
    const condition = this.expression();
    this.#endOfDirective();
    branches.push({ condition, body: this.nodes() });
    for (;;) {
      if (this.#take(/#elseif\s*\(/y) !== undefined) {
        const next = this.expression();
        this.#endOfDirective();
        branches.push({ condition: next, body: this.nodes() });
      } else if (this.#take(/#(else|\{else\})[ \t]*\n?/y) !== undefined) {
        branches.push({ body: this.nodes() });
      } else {
        this.#expect(/#(end|\{end\})[ \t]*\n?/y, '#end');
        return { kind: 'if', branches };
      }
    }
  }

  #foreach(): Node {
    const { name } = this.#required(this.#reference(true), 'no variable');
    this.#expect(/\s*in\b/y, '"in"');
    const list = this.expression();
    this.#endOfDirective();
    const body = this.nodes();
    this.#expect(/#(end|\{end\})[ \t]*\n?/y, '#end');
    return { kind: 'foreach', name, list, body };
  }

  /** A directive takes the rest of its line with it. */
  #endOfDirective(): void {
    this.#expect(/\s*\)[ \t]*\n?/y, '")"');
  }

  expression(level = 0): Expression {
    if (level === operators.length) return this.#operand();
    let left = this.expression(level + 1);
    for (;;) {
      const operator = operators[level]!.find((symbol) => this.#take(new RegExp(`\\s*${symbol.replace(/[|+]/g, '\\$&')}`, 'y')) !== undefined);
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: this.expression(level + 1) };
    }
  }

  #operand(): Expression {
    this.#take(/\s+/y);
    if (this.#take(/!/y) !== undefined) return { kind: 'not', of: this.#operand() };
    if (this.#take(/\(/y) !== undefined) {
      const inside = this.expression();
      this.#expect(/\s*\)/y, '")"');
      return inside;
    }
    if (this.#take(/\[/y) !== undefined) return { kind: 'list', items: this.#arguments(/\s*\]/y) };
    const text = this.#take(/'[^']*'|"[^"]*"/y);
    if (text !== undefined) return { kind: 'literal', value: text.slice(1, -1) };
    const word = this.#take(/-?\d+(\.\d+)?|true\b|false\b|null\b/y);
    if (word !== undefined) return { kind: 'literal', value: JSON.parse(word) as unknown };
    return this.#required(this.#reference(), 'no value');
  }

  /** @param isTarget where a value is put, a step that is a call is none */
  #reference(isTarget = false): Reference | undefined {
    this.#take(isTarget ? /\s*/y : /(?=\$)/y);
    const start = this.#at;
    const opening = this.#take(/\$!?\{?(?=[A-Za-z_])/y);
    if (opening === undefined) return undefined;
    const name = this.#take(/[A-Za-z_][\w-]*/y)!;
    const steps: Step[] = [];
    for (;;) {
      const property = this.#take(/\.[A-Za-z_][\w-]*/y)?.slice(1);
      if (property !== undefined) steps.push(this.#take(/\(/y) === undefined ? { kind: 'property', name: property } : { kind: 'call', name: property, arguments: this.#arguments(/\s*\)/y) });
      else if (this.#take(/\[/y) !== undefined) steps.push({ kind: 'index', index: this.#indexed() });
      else break;
    }
    if (opening.endsWith('{')) this.#expect(/\}/y, '"}"');
    return { kind: 'reference', name, steps, source: this.#source.slice(start, this.#at), isQuiet: opening.includes('!') };
  }

  #indexed(): Expression {
    const index = this.expression();
    this.#expect(/\s*\]/y, '"]"');
    return index;
  }

  #arguments(end: RegExp): Expression[] {
    const found: Expression[] = [];
    while (this.#take(end) === undefined) {
      if (found.length > 0) this.#expect(/\s*,/y, '","');
      found.push(this.expression());
    }
    return found;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  #looksAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#source);
  }

  #expect(pattern: RegExp, what: string): void {
    if (this.#take(pattern) === undefined) this.fail(`no ${what}`);
  }

  #required<T>(value: T | undefined, what: string): T {
    return value ?? this.fail(what);
  }
}
