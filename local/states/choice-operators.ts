import { parseTimestamp } from './timestamp.ts';
import type { Json } from './types.ts';

/** A comparison of a Choice rule: the variable's value, and what the rule compares it with. */
export type Comparison = (value: Json, expected: Json) => boolean;

type Order = (order: number) => boolean;

const orders: Readonly<Record<string, Order>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

function sign<T extends string | number>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How two values of a kind stand to each other; undefined where one is not of that kind. */
const comparers: Readonly<Record<string, (value: Json, expected: Json) => number | undefined>> = {
  String: (value, expected) => (typeof value === 'string' && typeof expected === 'string' ? sign(value, expected) : undefined),
  Numeric: (value, expected) => (typeof value === 'number' && typeof expected === 'number' ? sign(value, expected) : undefined),
  Timestamp: (value, expected) => {
    const [left, right] = [momentOf(value), momentOf(expected)];
    return left === undefined || right === undefined ? undefined : sign(left, right);
  },
};

function momentOf(value: Json): number | undefined {
  return typeof value === 'string' ? parseTimestamp(value) : undefined;
}

const ordered = Object.entries(comparers).flatMap(([kind, compare]) =>
  Object.entries(orders).map(([name, holds]): [string, Comparison] => [
    `${kind}${name}`,
    (value, expected) => {
      const order = compare(value, expected);
      return order !== undefined && holds(order);
    },
  ]),
);

/** The comparisons that may also take what they compare with from a path (`<name>Path`). */
export const comparisons: Readonly<Record<string, Comparison>> = {
  ...Object.fromEntries(ordered),
  BooleanEquals: (value, expected) => typeof value === 'boolean' && value === expected,
};

/** The comparisons that take a literal only. */
export const literalComparisons: Readonly<Record<string, Comparison>> = {
  StringMatches: (value, expected) => typeof value === 'string' && typeof expected === 'string' && wildcard(expected).test(value),
  IsNull: (value, expected) => (value === null) === expected,
  IsNumeric: (value, expected) => (typeof value === 'number') === expected,
  IsString: (value, expected) => (typeof value === 'string') === expected,
  IsBoolean: (value, expected) => (typeof value === 'boolean') === expected,
  IsTimestamp: (value, expected) => (momentOf(value) !== undefined) === expected,
};

/** `*` stands for any text; `\*` and `\\` for themselves. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([\s\S])|([*])|([^*\\]+)|\\/g, (_, escaped?: string, star?: string, plain?: string) =>
    star === undefined ? (escaped ?? plain ?? '\\').replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : '[\\s\\S]*',
  );
  return new RegExp(`^${source}$`, 'u');
}
