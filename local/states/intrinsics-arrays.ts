import { isDeepStrictEqual } from 'node:util';
import { asArray, asInteger, count } from './arguments.ts';
import type { IntrinsicFunction } from './intrinsic-function.ts';
import type { Json } from './types.ts';

const longestRange = 1000;

/** Splits an array into parts of `size`; the last may be shorter. */
export function partition(items: readonly Json[], size: number): Json[][] {
  if (size <= 0) throw new Error(`expected a positive chunk size, found ${size}`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** The numbers from `start` to `end`, both included, in steps of `delta`. */
export function range(start: number, end: number, delta: number): number[] {
  if (delta === 0) throw new Error('expected a step other than 0');
  const length = Math.max(0, Math.floor((end - start) / delta) + 1);
  if (length > longestRange) throw new Error(`expected at most ${longestRange} elements, found ${length}`);
  return Array.from({ length }, (_, index) => start + index * delta);
}

/** The intrinsic functions on arrays, without the prefix `States.`. */
export const arrayFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  Array: (args) => args,
  ArrayPartition: (args) => {
    count(args, 2);
    return partition(asArray(args[0]), asInteger(args[1]));
  },
  ArrayContains: (args) => {
    count(args, 2);
    return asArray(args[0]).some((item) => isDeepStrictEqual(item, args[1]));
  },
  ArrayRange: (args) => {
    count(args, 3);
    return range(asInteger(args[0]), asInteger(args[1]), asInteger(args[2]));
  },
  ArrayGetItem: (args) => {
    count(args, 2);
    const [items, index] = [asArray(args[0]), asInteger(args[1])];
    const item = items[index];
    if (item === undefined) throw new Error(`expected an index from 0 to ${items.length - 1}, found ${index}`);
    return item;
  },
  ArrayLength: (args) => {
    count(args, 1);
    return asArray(args[0]).length;
  },
  ArrayUnique: (args) => {
    count(args, 1);
    const items = asArray(args[0]);
    return items.filter((item, index) => items.findIndex((other) => isDeepStrictEqual(item, other)) === index);
  },
};
