import { AwsError } from '../../../core/errors.ts';

/** A metric math expression, taken apart. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'variable'; readonly id: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly members: readonly Expression[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** Operators by how strongly they bind, the weakest first; all but `^` group to the left. */
const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/'], ['^']];

const token = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|"([^"]*)"|'([^']*)'|(\|\||&&|==|!=|<=|>=|[-+*/^<>(),[\]]))/y;

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign' | 'end';
  readonly text: string;
}

/**
 * Reads a metric math expression.
 * @throws {AwsError} ValidationError
 */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: 'end', text: '' };
  const take = (): Token => {
    const next = peek();
    position += 1;
    return next;
  };
  const expect = (sign: string): void => {
    const next = take();
    if (next.kind !== 'sign' || next.text !== sign) throw malformed(text, `expected '${sign}' where ${shown(next)} stands`);
  };

  function binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    while (peek().kind === 'sign' && operators.includes(peek().text)) {
      const operator = take().text;
      left = { kind: 'binary', operator, left, right: binary(operator === '^' ? level : level + 1) };
    }
    return left;
  }

  function unary(): Expression {
    if (peek().kind !== 'sign' || peek().text !== '-') return primary();
    take();
    return { kind: 'binary', operator: '-', left: { kind: 'number', value: 0 }, right: unary() };
  }

  function primary(): Expression {
    const next = take();
    if (next.kind === 'number') return { kind: 'number', value: Number(next.text) };
    if (next.kind === 'text') return { kind: 'text', value: next.text };
    if (next.kind === 'sign' && next.text === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    if (next.kind === 'sign' && next.text === '[') return { kind: 'list', members: listUntil(']') };
    if (next.kind !== 'name') throw malformed(text, `${shown(next)} stands where a number, a metric or a function was expected`);
    if (peek().kind !== 'sign' || peek().text !== '(') return { kind: 'variable', id: next.text };
    take();
    return { kind: 'call', name: next.text.toUpperCase(), args: listUntil(')') };
  }

  function listUntil(end: string): Expression[] {
    const items: Expression[] = [];
    while (peek().kind !== 'sign' || peek().text !== end) {
      if (items.length > 0) expect(',');
      items.push(binary(0));
    }
    take();
    return items;
  }

  const expression = binary(0);
  if (peek().kind !== 'end') throw malformed(text, `${shown(peek())} stands behind its end`);
  return expression;
}

/** The ids of the metrics that an expression reads. */
export function variablesOf(expression: Expression): readonly string[] {
  if (expression.kind === 'variable') return [expression.id];
  if (expression.kind === 'binary') return [...variablesOf(expression.left), ...variablesOf(expression.right)];
  if (expression.kind === 'list') return expression.members.flatMap(variablesOf);
  return expression.kind === 'call' ? expression.args.flatMap(variablesOf) : [];
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex + text.slice(token.lastIndex).search(/\S/);
    const match = token.exec(text);
    if (match === null) throw malformed(text, `'${text.charAt(at)}' stands at character ${at + 1}`);
    const [, number, name, double, single, sign] = match;
    const quoted = double ?? single;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (name === 'AND' || name === 'OR') tokens.push({ kind: 'sign', text: name === 'AND' ? '&&' : '||' });
    else tokens.push(name === undefined ? { kind: 'sign', text: sign ?? '' } : { kind: 'name', text: name });
  }
  return tokens;
}

function shown({ kind, text }: Token): string {
  return kind === 'end' ? 'the end' : `'${text}'`;
}

function malformed(text: string, reason: string): AwsError {
  return new AwsError('ValidationError', `Error in expression '${text}': ${reason}.`);
}
