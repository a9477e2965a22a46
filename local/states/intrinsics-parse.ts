import { readPath } from './jsonpath-parse.ts';
import type { Path } from './jsonpath-syntax.ts';
import { Scanner } from './scanner.ts';
import type { Json } from './types.ts';

/** An argument of an intrinsic function, or the whole call. */
export type IntrinsicNode =
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly IntrinsicNode[] }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'text'; readonly raw: string }
  | { readonly kind: 'value'; readonly value: Json };

const cache = new Map<string, IntrinsicNode>();

/** Whether a text is meant as a call of an intrinsic function. */
export function isIntrinsic(text: string): boolean {
  return text.startsWith('States.');
}

/** Parses a call such as `States.Format('{} of {}', $.a, States.MathAdd($.b, 1))`. Throws a SyntaxError with the place. */
export function parseIntrinsic(text: string): IntrinsicNode {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const scanner = new Scanner(text);
  const call = readCall(scanner);
  scanner.space();
  if (!scanner.done) throw scanner.error('the end of the call');
  cache.set(text, call);
  return call;
}

function readCall(scanner: Scanner): IntrinsicNode {
  const name = scanner.match(/States\.\w+/y);
  if (name === undefined) throw scanner.error('an intrinsic function such as States.Format');
  scanner.space();
  scanner.expect('(');
  const args: IntrinsicNode[] = [];
  while (!scanner.takeSpaced(')')) {
    if (args.length > 0) scanner.expect(',');
    scanner.space();
    args.push(readArgument(scanner));
    scanner.space();
  }
  return { kind: 'call', name, args };
}

function readArgument(scanner: Scanner): IntrinsicNode {
  if (scanner.peek('$')) return { kind: 'path', path: readPath(scanner) };
  if (scanner.peek('States.')) return readCall(scanner);
  if (scanner.peek("'")) return { kind: 'text', raw: readText(scanner) };
  const word = scanner.match(/(true|false|null|-?\d+(\.\d+)?([eE][-+]?\d+)?)(?=[\s,)])/y);
  if (word === undefined) throw scanner.error("a path, a call, a 'text', a number, true, false or null");
  return { kind: 'value', value: JSON.parse(word) as Json };
}

/** Escapes stay as they are: Format needs to tell `\{` from `{`. */
function readText(scanner: Scanner): string {
  const quoted = scanner.match(/'(?:[^'\\]|\\[\s\S])*'/y);
  if (quoted === undefined) throw scanner.error("a text that ends with '");
  return quoted.slice(1, -1);
}

/** What a text argument says. */
export function unescape(raw: string): string {
  return raw.replace(/\\([\s\S])/g, '$1');
}
