import { isUtf8 } from 'node:buffer';
import { RequestError } from '../errors.ts';
import { jsonProblem } from './json-problem.ts';

/** Lists and objects within each other that a request may have: the deepest that is of use is a tensor's nested data. */
const maximumDepth = 16;

/**
 * Reads JSON as RFC 8259 has it, and no more: UTF-8 without a byte order mark, each key of an object once, nesting within a bound. What JSON.parse lets
 * pass is found by one walk over the text, so that a request that is as it should be pays for no parser of ours.
 * @param what the text is called in errors, such as `body`
 * @throws RequestError MalformedJson, MalformedText, DuplicateField, TooDeep
 */
export function parseJson(bytes: Buffer, what = 'body'): unknown {
  return parseJsonText(decodeText(bytes, what, 'JSON'), what);
}

/** As `parseJson`, for text. */
export function parseJsonText(text: string, what: string): unknown {
  const { keys, depth } = structureOf(text);
  if (depth > maximumDepth) throw new RequestError('TooDeep', [{ field: what, found: `lists and objects nested ${String(depth)} deep`, expected: `at most ${String(maximumDepth)}` }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RequestError('MalformedJson', [jsonProblem(text, what) ?? { field: what, found: 'no JSON', expected: 'JSON' }], { cause });
  }
  if (keysOf(value) !== keys) {
    const problem = jsonProblem(text, what);
    if (problem !== undefined) throw new RequestError('DuplicateField', [problem]);
  }
  return value;
}

/**
 * Bytes as text.
 * @throws RequestError MalformedText where they are not UTF-8, or begin with a byte order mark.
 */
export function decodeText(bytes: Buffer, what: string, expected: string): string {
  if (bytes.length === 0) throw new RequestError(expected === 'JSON' ? 'MalformedJson' : 'MalformedText', [{ field: what, found: 'empty', expected }]);
  if (!isUtf8(bytes)) throw new RequestError('MalformedText', [{ field: what, found: `no UTF-8 from byte ${String(firstBadByte(bytes))} on`, expected: `${expected} in UTF-8` }]);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new RequestError('MalformedText', [{ field: what, found: 'text behind a byte order mark', expected: `${expected} in UTF-8 without one` }]);
  }
  return bytes.toString('utf8');
}

/** What was replaced when the bytes were read leniently differs when it is written again. */
function firstBadByte(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'), 'utf8');
  return bytes.findIndex((byte, index) => byte !== again[index]);
}

/** How many keys the text's objects have, and how deep lists and objects lie within each other. Anything else is left to JSON.parse. */
function structureOf(text: string): { keys: number; depth: number } {
  let [keys, depth, deepest] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Digits, commas and spaces are most of a row.
    if (code < colon && code !== quote) continue;
    if (code === quote) at = endOfText(text, at);
    else if (code === colon) keys += 1;
    else if (code === openList || code === openObject) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === closeList || code === closeObject) depth -= 1;
  }
  return { keys, depth: deepest };
}

const [quote, backslash, colon, openList, closeList, openObject, closeObject] = [0x22, 0x5c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d] as const;

/** Where the text that begins at a quote ends: at its closing quote, or with the whole. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    if (text.charCodeAt(end - 1) !== backslash) return end;
    let escapes = 1;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** By for-in: what JSON.parse made inherits nothing that could be listed, and a list of the values would cost ten times as much. */
function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) if (typeof item === 'object' && item !== null) keys += keysOf(item);
    return keys;
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    keys += 1;
    if (typeof item === 'object' && item !== null) keys += keysOf(item);
  }
  return keys;
}
