import { randomUUID } from 'node:crypto';
import { asArray, asInteger, asNumber, asText } from './arguments.ts';
import { partition, range } from './intrinsics-arrays.ts';
import { hash } from './intrinsics-texts.ts';
import { seededRandom } from './seeded-random.ts';
import type { Json } from './types.ts';

/** The functions that Step Functions adds to JSONata, as bindings; `$eval` is taken away, as there. */
export function stepFunctions(random: () => number): Record<string, unknown> {
  return {
    eval: undefined,
    partition: (items?: Json, size?: Json) => (items === undefined ? undefined : partition(asArray(items), asInteger(size))),
    range: (start?: Json, end?: Json, delta?: Json) => range(asNumber(start), asNumber(end), asNumber(delta)),
    hash: (data?: Json, algorithm: Json = 'SHA-256') => (data === undefined ? undefined : hash(data, asText(algorithm))),
    random: (seed?: Json) => (seed === undefined ? random : seededRandom(asNumber(seed)))(),
    uuid: () => randomUUID(),
    parse: (text?: Json) => (text === undefined ? undefined : (JSON.parse(asText(text)) as Json)),
  };
}
