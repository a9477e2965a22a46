import { AwsError } from '../../../core/errors.ts';

/** A composite alarm's rule, taken apart. */
export interface Rule {
  /** The alarms that it names, by name or ARN. */
  readonly alarms: readonly string[];
  holds(stateOf: (alarm: string) => string | undefined): boolean;
}

type Node = Rule['holds'];

const token = /\s*(?:"([^"]*)"|([A-Z_]+)\b|([()])|([^\s()"]+))/y;

/**
 * Reads `ALARM("a") AND (NOT OK(b) OR TRUE)`.
 * @throws {AwsError} ValidationError
 */
export function parseRule(text: string): Rule {
  const tokens = [...tokenize(text)];
  const alarms: string[] = [];
  let position = 0;
  const peek = (): string | undefined => tokens[position];
  const take = (expected?: string): string => {
    const next = tokens[position];
    if (next === undefined || (expected !== undefined && next !== expected)) throw malformed(text, `expected ${expected ?? 'more'} where ${next ?? 'it ends'}`);
    position += 1;
    return next;
  };

  function either(): Node {
    const sides = [both()];
    while (peek() === 'OR') {
      take();
      sides.push(both());
    }
    return (stateOf) => sides.some((side) => side(stateOf));
  }

  function both(): Node {
    const sides = [single()];
    while (peek() === 'AND') {
      take();
      sides.push(single());
    }
    return (stateOf) => sides.every((side) => side(stateOf));
  }

  function single(): Node {
    const word = take();
    if (word === 'NOT') {
      const inner = single();
      return (stateOf) => !inner(stateOf);
    }
    if (word === '(') {
      const inner = either();
      take(')');
      return inner;
    }
    if (word === 'TRUE' || word === 'FALSE') return () => word === 'TRUE';
    if (word !== 'ALARM' && word !== 'OK' && word !== 'INSUFFICIENT_DATA') throw malformed(text, `'${word}' is no function of a rule: expected ALARM, OK, INSUFFICIENT_DATA, NOT, TRUE or FALSE`);
    take('(');
    const alarm = take().replace(/^"|"$/g, '');
    take(')');
    alarms.push(alarm);
    return (stateOf) => stateOf(alarm) === word;
  }

  const holds = either();
  if (peek() !== undefined) throw malformed(text, `'${peek() ?? ''}' stands behind its end`);
  return { alarms, holds };
}

function* tokenize(text: string): Iterable<string> {
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const match = token.exec(text);
    if (match === null) throw malformed(text, 'a quotation mark has no partner');
    const [whole, quoted] = match;
    yield quoted === undefined ? whole.trim() : `"${quoted}"`;
  }
}

function malformed(text: string, reason: string): AwsError {
  return new AwsError('ValidationError', `AlarmRule '${text}': ${reason}.`);
}
