/** Uniform numbers in [0, 1). */
export type Random = () => number;

/** Uniform numbers of a seed and a trial: a trial draws the same ones whenever it starts and whatever runs beside it (splitmix32). */
export function randomOf(seed: number, trial: number): Random {
  let state = (Math.imul(seed ^ 0x5bd1e995, 0x85ebca6b) ^ Math.imul(trial + 1, 0x9e3779b9)) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
}

/** A normal number with mean 0 and deviation 1 (Box-Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
