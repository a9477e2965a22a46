import { studentsTQuantile, twoSidedT } from '../../metrics/distributions.ts';

/** The difference of a metric between two models on the same rows (the challenger's less the champion's), and what chance makes of it. */
export interface Difference {
  readonly standardDeviation: number;
  /** The two-sided interval of this level, such as 0.95. */
  interval(confidence: number): { readonly low: number; readonly high: number };
  /** A test of there being no difference. */
  readonly test?: { readonly name: string; readonly p: number };
}

/** A difference that deviates as Student's t does; with infinite degrees of freedom, as a normal number. */
export function tDifference(name: string, value: number, standardDeviation: number, degrees: number): Difference {
  return {
    standardDeviation,
    interval: (confidence) => {
      // Rows that all differ by the same have no spread: then the difference is what it is.
      const reach = standardDeviation === 0 ? 0 : studentsTQuantile((1 + confidence) / 2, degrees) * standardDeviation;
      return { low: value - reach, high: value + reach };
    },
    test: { name, p: standardDeviation === 0 ? Number(value === 0) : twoSidedT(value / standardDeviation, degrees) },
  };
}

/** A difference known by draws of a bootstrap; draws that could not be computed say nothing. */
export function drawnDifference(draws: readonly number[], test?: Difference['test']): Difference {
  const sorted = Float64Array.from(draws.filter((draw) => Number.isFinite(draw))).sort();
  const mean = sorted.reduce((sum, draw) => sum + draw, 0) / sorted.length;
  return {
    standardDeviation: Math.sqrt(sorted.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (sorted.length - 1)),
    interval: (confidence) => ({ low: between(sorted, (1 - confidence) / 2), high: between(sorted, (1 + confidence) / 2) }),
    ...(test === undefined ? {} : { test }),
  };
}

/** The value below which a share of sorted values lies, between the two nearest ones. */
function between(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return below + (above - below) * (place - Math.floor(place));
}
