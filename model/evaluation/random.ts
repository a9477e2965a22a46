/** A Poisson number: by multiplication where the mean is small, else by its normal approximation. */
export function poisson(mean: number, random: () => number): number {
  if (mean === 0) return 0;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The sample's standard deviation of each key over all draws. */
export function deviations<Key extends string>(draws: readonly Readonly<Record<Key, number>>[], keys: readonly Key[]): Record<Key, number> {
  const deviation = (key: Key): number => {
    const mean = draws.reduce((sum, draw) => sum + draw[key], 0) / draws.length;
    return Math.sqrt(draws.reduce((sum, draw) => sum + (draw[key] - mean) ** 2, 0) / (draws.length - 1));
  };
  return Object.fromEntries(keys.map((key) => [key, deviation(key)])) as Record<Key, number>;
}
