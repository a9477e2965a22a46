import { FilterParser } from './jsonpath-filter.ts';
import { pathFunctions, type Path, type PathRoot, type Segment } from './jsonpath-syntax.ts';
import { Scanner } from './scanner.ts';

const cache = new Map<string, Path>();

/** Parses a path such as `$.a[0]`, `$$.Execution.Id` or `$variable.x`. Throws a SyntaxError with the place. */
export function parsePath(text: string): Path {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const scanner = new Scanner(text);
  const path = readPath(scanner);
  if (!scanner.done) throw scanner.error('the end of the path');
  cache.set(text, path);
  return path;
}

/** Reads a path at the scanner's place, as far as it goes. */
export function readPath(scanner: Scanner): Path {
  const start = scanner.position;
  const root = readRoot(scanner);
  const segments: Segment[] = [];
  for (;;) {
    if (scanner.take('..')) {
      segments.push({ kind: 'descend' });
      segments.push(scanner.peek('[') ? readBracket(scanner) : readDotName(scanner));
    } else if (scanner.take('.')) {
      segments.push(readDotName(scanner));
    } else if (scanner.peek('[')) {
      segments.push(readBracket(scanner));
    } else break;
  }
  const definite = segments.every((segment) => segment.kind === 'function' || isSingle(segment));
  return { text: scanner.since(start), root, segments, definite };
}

function isSingle(segment: Segment): boolean {
  if (segment.kind === 'names') return segment.names.length === 1;
  return segment.kind === 'indexes' && segment.indexes.length === 1;
}

function readRoot(scanner: Scanner): PathRoot {
  if (scanner.take('$$')) return { kind: 'context' };
  if (scanner.take('@')) return { kind: 'item' };
  if (!scanner.take('$')) throw scanner.error('a path that starts with $');
  const name = scanner.match(/[\p{L}_][\p{L}\p{N}_]*/uy);
  return name === undefined ? { kind: 'input' } : { kind: 'variable', name };
}

function readDotName(scanner: Scanner): Segment {
  if (scanner.take('*')) return { kind: 'wildcard' };
  const name = scanner.match(/[^\s.[\](),'"=<>!&|?*:;{}]+/uy);
  if (name === undefined) throw scanner.error('a field name');
  if (scanner.take('()')) {
    const found = pathFunctions.find((candidate) => candidate === name);
    if (found === undefined) throw scanner.error(`one of the functions ${pathFunctions.join(', ')}`);
    return { kind: 'function', name: found };
  }
  return { kind: 'names', names: [name] };
}

function readBracket(scanner: Scanner): Segment {
  scanner.expect('[');
  const segment = readSelector(scanner);
  scanner.space();
  scanner.expect(']');
  return segment;
}

function readSelector(scanner: Scanner): Segment {
  scanner.space();
  if (scanner.take('*')) return { kind: 'wildcard' };
  if (scanner.take('?')) {
    scanner.space();
    scanner.expect('(');
    const filter = new FilterParser(scanner, readPath).read();
    scanner.space();
    scanner.expect(')');
    return { kind: 'filter', filter };
  }
  if (scanner.peek("'") || scanner.peek('"')) return { kind: 'names', names: readList(scanner, () => scanner.quoted()) };
  const first = scanner.integer();
  if (scanner.take(':')) {
    const to = scanner.integer();
    const step = scanner.take(':') ? scanner.integer() : undefined;
    return { kind: 'slice', ...(first === undefined ? {} : { from: first }), ...(to === undefined ? {} : { to }), ...(step === undefined ? {} : { step }) };
  }
  if (first === undefined) throw scanner.error("an index, a slice, a quoted name, '*' or a filter");
  const indexes = [first];
  while (scanner.takeSpaced(',')) {
    scanner.space();
    const index = scanner.integer();
    if (index === undefined) throw scanner.error('an index');
    indexes.push(index);
  }
  return { kind: 'indexes', indexes };
}

function readList<T>(scanner: Scanner, read: () => T): T[] {
  const list = [read()];
  while (scanner.takeSpaced(',')) {
    scanner.space();
    list.push(read());
  }
  return list;
}
