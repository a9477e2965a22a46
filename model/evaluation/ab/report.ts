import { compareMeans, mannWhitney, sampleForMeans, spreadOf } from './means.ts';
import { type Chances, compareProportions, detectableRise, type GroupDifference, isEnoughForProportions, sampleForProportions } from './proportions.ts';

/** What one version of a test did. */
export interface Arm {
  readonly version: string;
  readonly requests: number;
  readonly errors: number;
  /** The mean latency of each period in which it had requests, in milliseconds. */
  readonly latencies: readonly number[];
  /** What came of its predictions, where that is known by now: each 0 or 1, or a number such as a revenue. */
  readonly outcomes?: readonly number[];
}

/** One thing that two versions are compared by. */
export interface Measure {
  readonly name: 'error rate' | 'latency' | 'outcome';
  readonly unit: 'share' | 'ms' | 'value';
  readonly stable: number;
  readonly canary: number;
  readonly observations: { readonly stable: number; readonly canary: number };
  readonly test: GroupDifference['test'];
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Null where nothing can be said. */
  readonly p: number | null;
  readonly significant: boolean;
  /** How many observations each version needs to find a difference of the present size, in 4 of 5 tests; null where there is none. */
  readonly needed: number | null;
  /** The smallest rise of a share that the present numbers would find, in 4 of 5 tests. */
  readonly detectable?: number;
  readonly note?: string;
}

/** What a test of two versions has come to. */
export interface AbReport {
  readonly confidence: number;
  readonly measures: readonly Measure[];
  /** What has to be known to read it. */
  readonly warnings: readonly string[];
}

/** The usual chances: one test in twenty finds what is not there, four in five find what is. */
export const usualChances: Chances = { confidence: 0.95, power: 0.8 };

/** Compares the two versions of a test. @param stable the version that most meet. */
export function abReport(stable: Arm, canary: Arm, chances: Chances = usualChances): AbReport {
  const measures = [errorRate(stable, canary, chances), latency(stable, canary, chances), outcome(stable, canary, chances)].filter((measure) => measure !== undefined);
  const warnings = [
    `A p value holds for one look, at a number of observations that was set before: whoever looks again and again and stops at the first p below ${level(chances)} finds differences that are not there far more often than once in ${String(Math.round(1 / (1 - chances.confidence)))}. Set the number first (the column needed says how many), and decide then.`,
    ...(measures.length > 1 ? [`${String(measures.length)} measures are tested at once: with each further one, chance alone is more likely to make one of them significant. Decide before which one counts.`] : []),
    ...measures.flatMap(({ name, observations, needed, significant }) => (significant || needed === null || Math.min(observations.stable, observations.canary) >= needed ? [] : [`${name}: too few observations to tell a difference of this size from none (${String(Math.min(observations.stable, observations.canary))} of ${String(needed)}).`])),
  ];
  return { confidence: chances.confidence, measures, warnings };
}

const level = ({ confidence }: Chances): string => String(Math.round((1 - confidence) * 1000) / 1000);

function errorRate(stable: Arm, canary: Arm, chances: Chances): Measure | undefined {
  if (stable.requests === 0 || canary.requests === 0) return undefined;
  return shares('error rate', { of: stable.requests, count: stable.errors }, { of: canary.requests, count: canary.errors }, chances);
}

function shares(name: Measure['name'], a: { readonly of: number; readonly count: number }, b: { readonly of: number; readonly count: number }, chances: Chances): Measure {
  const [first, second] = [a.count / a.of, b.count / b.of];
  const found = compareProportions(a, b, chances.confidence);
  const enough = isEnoughForProportions(a, b);
  const needed = sampleForProportions(first, second, chances);
  const detectable = detectableRise(first, a.of, b.of, chances);
  return {
    name, unit: 'share', stable: first, canary: second, observations: { stable: a.of, canary: b.of }, ...measured(found),
    significant: enough && found.p < 1 - chances.confidence,
    needed: Number.isFinite(needed) ? needed : null,
    ...(detectable === undefined ? {} : { detectable }),
    ...(enough ? {} : { note: 'too few of either outcome for the test: fewer than 5 expected' }),
  };
}

function latency(stable: Arm, canary: Arm, chances: Chances): Measure | undefined {
  const [a, b] = [stable.latencies, canary.latencies];
  if (a.length < 2 || b.length < 2) return undefined;
  const measure = means('latency', 'ms', a, b, chances);
  // Latencies have long tails: their order tells more than their mean.
  const { superiority, p } = mannWhitney(a, b);
  const note = `of the periods' means; ${String(Math.round(superiority * 100))} % of the pairs are slower with the canary (Mann-Whitney)`;
  return { ...measure, test: 'Mann-Whitney', p: Number.isNaN(p) ? null : p, significant: p < 1 - chances.confidence, note };
}

function outcome(stable: Arm, canary: Arm, chances: Chances): Measure | undefined {
  const [a, b] = [stable.outcomes ?? [], canary.outcomes ?? []];
  if (a.length === 0 || b.length === 0) return undefined;
  const isBinary = [...a, ...b].every((value) => value === 0 || value === 1);
  const count = (values: readonly number[]) => ({ of: values.length, count: values.reduce((sum, value) => sum + value, 0) });
  return isBinary ? shares('outcome', count(a), count(b), chances) : means('outcome', 'value', a, b, chances);
}

function means(name: Measure['name'], unit: Measure['unit'], a: readonly number[], b: readonly number[], chances: Chances): Measure {
  const [first, second] = [spreadOf(a), spreadOf(b)];
  const found = compareMeans(first, second, chances.confidence);
  const needed = sampleForMeans(found.difference, first.variance, second.variance, chances);
  return {
    name, unit, stable: first.mean, canary: second.mean, observations: { stable: a.length, canary: b.length }, ...measured(found),
    significant: found.p < 1 - chances.confidence, needed: Number.isFinite(needed) ? needed : null,
  };
}

function measured({ test, difference, low, high, p }: GroupDifference): Pick<Measure, 'test' | 'difference' | 'low' | 'high' | 'p'> {
  return { test, difference, low, high, p: Number.isNaN(p) ? null : p };
}
