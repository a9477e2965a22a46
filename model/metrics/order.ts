/**
 * The positions of the scores from the smallest score to the largest, equal scores in the order of their positions.
 * A radix sort for float32 (two passes over 16 bits), since three million scores are sorted each round where AUC is watched.
 */
export function ascendingOrder(scores: Float32Array | Float64Array): Uint32Array {
  const nan = scores.findIndex((score) => Number.isNaN(score));
  if (nan !== -1) throw new RangeError(`Score ${String(nan)} is NaN, expected a number: scores cannot be ranked.`);
  if (scores instanceof Float64Array) return Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
  const keys = sortableKeys(scores);
  const byLow = pass(keys, undefined, 0);
  return pass(keys, byLow, 16);
}

/** Unsigned numbers in the order of the floats: positive ones get the sign bit, negative ones are inverted. */
function sortableKeys(scores: Float32Array): Uint32Array {
  const copy = new Float32Array(scores.length);
  // Adding 0 makes -0 equal to 0.
  for (let i = 0; i < copy.length; i++) copy[i] = (scores[i] as number) + 0;
  const keys = new Uint32Array(copy.buffer);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    keys[i] = key & 0x80000000 ? ~key : key | 0x80000000;
  }
  return keys;
}

function pass(keys: Uint32Array, order: Uint32Array | undefined, shift: number): Uint32Array {
  const counts = new Uint32Array(65537);
  for (const key of keys) {
    const bucket = ((key >>> shift) & 0xffff) + 1;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  for (let bucket = 1; bucket < counts.length; bucket++) counts[bucket] = (counts[bucket] as number) + (counts[bucket - 1] as number);
  const sorted = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const position = order === undefined ? i : (order[i] as number);
    const bucket = ((keys[position] as number) >>> shift) & 0xffff;
    const at = counts[bucket] as number;
    sorted[at] = position;
    counts[bucket] = at + 1;
  }
  return sorted;
}
