import { createHash, randomUUID } from 'node:crypto';
import { asInteger, asNumber, asObject, asText, count } from './arguments.ts';
import type { IntrinsicFunction } from './intrinsic-function.ts';
import { seededRandom } from './seeded-random.ts';
import type { Json } from './types.ts';

const longestText = 10_000;
const hashAlgorithms = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

function bounded(text: string): string {
  if (text.length > longestText) throw new Error(`expected at most ${longestText} characters, found ${text.length}`);
  return text;
}

/** The hash of a text, or of a value as JSON text, in hexadecimal. */
export function hash(value: Json, algorithm: string): string {
  if (!hashAlgorithms.includes(algorithm)) throw new Error(`expected one of ${hashAlgorithms.join(', ')}, found '${algorithm}'`);
  const text = bounded(typeof value === 'string' ? value : JSON.stringify(value));
  return createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
}

/** The intrinsic functions on texts, objects and numbers, without the prefix `States.`. */
export const textFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  Base64Encode: (args) => {
    count(args, 1);
    return Buffer.from(bounded(asText(args[0]))).toString('base64');
  },
  Base64Decode: (args) => {
    count(args, 1);
    const text = bounded(asText(args[0]));
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error(`expected Base64, found '${text.slice(0, 50)}'`);
    return Buffer.from(text, 'base64').toString();
  },
  Hash: (args) => {
    count(args, 2);
    return hash(args[0]!, asText(args[1]));
  },
  JsonMerge: (args) => {
    count(args, 3);
    if (args[2] !== false) throw new Error('expected false as its third argument: Step Functions merges shallowly only');
    return { ...asObject(args[0]), ...asObject(args[1]) };
  },
  StringToJson: (args) => {
    count(args, 1);
    const text = asText(args[0]);
    return text.trim() === '' ? null : (JSON.parse(text) as Json);
  },
  JsonToString: (args) => {
    count(args, 1);
    return JSON.stringify(args[0]);
  },
  MathAdd: (args) => {
    count(args, 2);
    return asInteger(args[0]) + asInteger(args[1]);
  },
  MathRandom: (args, random) => {
    count(args, 2, 3);
    const [start, end] = [asInteger(args[0]), asInteger(args[1])];
    if (end <= start) throw new Error(`expected an end above the start ${start}, found ${end}`);
    const draw = args.length === 3 ? seededRandom(asNumber(args[2])) : random;
    return start + Math.floor(draw() * (end - start));
  },
  // Each character of the second argument splits, and empty parts are left out: so AWS does.
  StringSplit: (args) => {
    count(args, 2);
    const splitters = new Set(asText(args[1]));
    const parts = [''];
    for (const character of asText(args[0])) {
      if (splitters.has(character)) parts.push('');
      else parts.push(`${parts.pop() ?? ''}${character}`);
    }
    return parts.filter((part) => part !== '');
  },
  UUID: (args) => {
    count(args, 0);
    return randomUUID();
  },
};
