import type { NumberProfile } from './column-profile.ts';

/** The profile of a column of truth values: all of it follows from how many there are and how many are true. @param shares where quantiles are taken */
export function booleanProfile(count: number, trues: number, shares: readonly number[]): NumberProfile {
  const falses = count - trues;
  const mean = trues / count;
  return {
    count,
    distinct: Number(trues > 0) + Number(falses > 0),
    minimum: count === 0 ? Number.NaN : Number(falses === 0),
    maximum: count === 0 ? Number.NaN : Number(trues > 0),
    mean,
    sum: trues,
    standardDeviation: Math.sqrt(mean * (1 - mean)),
    quantiles: count === 0 ? [] : shares.map((share) => Number(share * count >= falses)),
  };
}
