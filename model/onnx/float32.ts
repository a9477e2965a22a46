const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The next float32 above (infinity and NaN stay as they are). */
export function nextUp(value: number): number {
  if (Number.isNaN(value) || value === Infinity) return value;
  float[0] = value;
  if (float[0] === 0) bits[0] = 1;
  else bits[0]! += bits[0]! > 0 ? 1 : -1;
  return float[0]!;
}

/** The next float32 below. */
export function nextDown(value: number): number {
  return -nextUp(-value);
}
