/** A KLL sketch as Model Monitor writes it: level i holds numbers that stand for 2^i values each. */
export interface KllSketch {
  readonly parameters: { readonly c: number; readonly k: number };
  readonly data: readonly (readonly number[])[];
}

/** How many numbers the top level holds at least, where there are so many values. */
const topLevelSize = 100;
/** KLL's own shrinking factor; readers only need it to go on adding to a sketch. */
const shrinkingFactor = 0.64;

/**
 * A sketch from approximate quantiles, so that whoever reads Model Monitor's files finds the distribution where they look for it.
 * Its weights sum to `count`.
 * @param quantiles at the middle of equal shares, in order
 */
export function sketchFromQuantiles(count: number, quantiles: readonly number[]): KllSketch {
  const parameters = { c: shrinkingFactor, k: topLevelSize * 2 };
  if (count === 0 || quantiles.length === 0) return { parameters, data: [] };
  const top = Math.max(0, Math.floor(Math.log2(count / topLevelSize)));
  const atTop = Math.floor(count / 2 ** top);
  const at = (share: number): number => quantiles[Math.min(quantiles.length - 1, Math.floor(share * quantiles.length))]!;
  const data: number[][] = Array.from({ length: top + 1 }, () => []);
  data[top] = Array.from({ length: atTop }, (_, index) => at((index + 0.5) / atTop));
  // What the top level cannot weigh is a number below 2^top: one value on each level that its binary digits name.
  const rest = count - atTop * 2 ** top;
  for (let level = 0; level < top; level += 1) {
    if (Math.floor(rest / 2 ** level) % 2 === 1) data[level] = [at((level + 0.5) / top)];
  }
  return { parameters, data };
}
