import { operators, type Filter, type Operand, type Path } from './jsonpath-syntax.ts';
import type { Scanner } from './scanner.ts';
import type { Json } from './types.ts';

/** Reads the condition of a filter. */
export class FilterParser {
  private readonly scanner: Scanner;
  private readonly readPath: (scanner: Scanner) => Path;

  constructor(scanner: Scanner, readPath: (scanner: Scanner) => Path) {
    this.scanner = scanner;
    this.readPath = readPath;
  }

  /** Reads it from the scanner's place up to, and without, the closing parenthesis. */
  read(): Filter {
    const filters = [this.readAnd()];
    while (this.scanner.takeSpaced('||')) filters.push(this.readAnd());
    return filters.length === 1 ? filters[0]! : { kind: 'or', filters };
  }

  private readAnd(): Filter {
    const filters = [this.readTerm()];
    while (this.scanner.takeSpaced('&&')) filters.push(this.readTerm());
    return filters.length === 1 ? filters[0]! : { kind: 'and', filters };
  }

  private readTerm(): Filter {
    this.scanner.space();
    if (this.scanner.take('!')) return { kind: 'not', filter: this.readTerm() };
    if (this.scanner.take('(')) {
      const filter = this.read();
      this.scanner.space();
      this.scanner.expect(')');
      return filter;
    }
    const left = this.readOperand();
    const operator = operators.find((candidate) => this.scanner.takeSpaced(candidate));
    if (operator === undefined) {
      if (left.kind === 'literal') throw this.scanner.error('a comparison');
      return { kind: 'exists', path: left.path };
    }
    this.scanner.space();
    if (operator === '=~') return { kind: 'match', left, pattern: this.readPattern() };
    return { kind: 'compare', operator, left, right: this.readOperand() };
  }

  private readOperand(): Operand {
    const scanner = this.scanner;
    scanner.space();
    if (scanner.peek('@') || scanner.peek('$')) return { kind: 'path', path: this.readPath(scanner) };
    return { kind: 'literal', value: this.readLiteral() };
  }

  private readLiteral(): Json {
    const scanner = this.scanner;
    scanner.space();
    if (scanner.peek("'") || scanner.peek('"')) return scanner.quoted();
    if (scanner.take('[')) {
      const items: Json[] = [];
      while (!scanner.takeSpaced(']')) {
        if (items.length > 0) scanner.expect(',');
        items.push(this.readLiteral());
      }
      return items;
    }
    const word = scanner.match(/true|false|null|-?\d+(\.\d+)?([eE][-+]?\d+)?/y);
    if (word === undefined) throw scanner.error('a path or a value');
    return JSON.parse(word) as Json;
  }

  private readPattern(): RegExp {
    const pattern = this.scanner.match(/\/(?:[^/\\]|\\.)+\/i?/y);
    if (pattern === undefined) throw this.scanner.error('a pattern such as /a.*/i');
    const end = pattern.lastIndexOf('/');
    return new RegExp(`^(?:${pattern.slice(1, end)})$`, pattern.slice(end + 1));
  }
}
