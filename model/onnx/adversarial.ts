import type { SplitTree } from '../trees/ensemble.ts';
import { missingTextOf } from './feature-values.ts';
import type { EncodedFeature, GraphRows } from './feature-values.ts';
import { nextDown, nextUp } from './float32.ts';

/** Bounds the work on very large models: beyond it, nodes are taken at even distances. */
const defaultNodes = 5_000;
/** Bounds the memory for models with very many features: so many values, four rows a node. */
const maximumValues = 8_000_000;

/** What the values on the way to a node may be: `low <= value < high`. */
interface Interval {
  readonly low: number;
  readonly high: number;
}

interface SplitNode {
  readonly feature: number;
  readonly threshold: number;
  /** The features that the way from the root decided on. */
  readonly way: ReadonlyMap<number, Interval>;
}

/** A row under construction: a number for a feature without encoding, a text for one with it. */
type Row = (number | string)[];

/**
 * Rows made to tell a wrong conversion apart: for each split of each tree, rows that reach that split and stand exactly on
 * its threshold, one float32 below it, above it, and with the value missing; each category; unseen categories; nothing at all.
 * @param maximumNodes so many splits at most, taken at even distances
 */
export function adversarialRows({ trees }: { readonly trees: readonly SplitTree[] }, features: readonly EncodedFeature[], maximumNodes = defaultNodes): GraphRows {
  const rows: Row[] = [features.map(missingValue)];
  for (const split of sampleSplits(trees, features.length, maximumNodes)) {
    const { threshold } = split;
    rows.push(rowTo(split, threshold, features), rowTo(split, nextDown(threshold), features));
    rows.push(rowTo(split, nextUp(threshold), features), rowTo(split, Number.NaN, features));
  }
  features.forEach((feature, index) => {
    for (const text of [...(feature.encoding?.map(([value]) => value) ?? []), `${missingTextOf(feature)} unseen`]) {
      if (feature.encoding !== undefined) rows.push(rows[rows.length >> 1]!.with(index, text));
    }
  });
  return inColumns(rows, features);
}

function sampleSplits(trees: readonly SplitTree[], features: number, maximumNodes: number): SplitNode[] {
  const splits = trees.flatMap(splitsOf);
  const most = Math.min(maximumNodes, Math.max(1, Math.floor(maximumValues / (4 * features))));
  const step = Math.max(1, splits.length / most);
  return Array.from({ length: Math.min(splits.length, most) }, (_, index) => splits[Math.floor(index * step)]!);
}

function splitsOf(tree: SplitTree): SplitNode[] {
  const splits: SplitNode[] = [];
  const waiting: [number, ReadonlyMap<number, Interval>][] = [[0, new Map()]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, way] = next;
    const left = tree.leftChildren[node]!;
    if (left === -1) continue;
    const feature = tree.splitIndices[node]!;
    const threshold = tree.splitConditions[node]!;
    splits.push({ feature, threshold, way });
    const { low, high } = way.get(feature) ?? { low: -Infinity, high: Infinity };
    waiting.push([left, new Map(way).set(feature, { low, high: Math.min(high, threshold) })]);
    waiting.push([tree.rightChildren[node]!, new Map(way).set(feature, { low: Math.max(low, threshold), high })]);
  }
  return splits;
}

/** Values on the way stand on the edges of what is allowed there, which tests those splits as well. */
function rowTo(split: SplitNode, value: number, features: readonly EncodedFeature[]): Row {
  const side = value < split.threshold ? { low: -Infinity, high: split.threshold } : { low: value, high: Infinity };
  return features.map((feature, index) => {
    if (index === split.feature) return feature.encoding === undefined ? value : categoryIn(feature, side);
    const interval = split.way.get(index);
    if (interval === undefined) return missingValue(feature);
    return feature.encoding === undefined ? edgeOf(interval) : categoryIn(feature, interval);
  });
}

function edgeOf({ low, high }: Interval): number {
  if (low > -Infinity) return low;
  return high < Infinity ? nextDown(high) : 0;
}

/** The category whose code is nearest to the interval's edge, for codes cannot be chosen freely; missing where there is none. */
function categoryIn(feature: EncodedFeature, { low, high }: Interval): string {
  const inside = (feature.encoding ?? []).filter(([, code]) => code >= low && code < high);
  if (inside.length === 0) return missingTextOf(feature);
  const isNearer = low > -Infinity ? (a: number, b: number) => a < b : (a: number, b: number) => a > b;
  return inside.reduce((best, candidate) => (isNearer(candidate[1], best[1]) ? candidate : best))[0];
}

function missingValue(feature: EncodedFeature): number | string {
  return feature.encoding === undefined ? Number.NaN : missingTextOf(feature);
}

function inColumns(rows: readonly Row[], features: readonly EncodedFeature[]): GraphRows {
  const column = (feature: EncodedFeature, index: number): Float32Array | string[] =>
    feature.encoding === undefined
      ? Float32Array.from(rows, (row) => row[index] as number)
      : rows.map((row) => row[index] as string);
  return { rows: rows.length, inputs: Object.fromEntries(features.map((feature, index) => [feature.name, column(feature, index)])) };
}
