/**
 * The arithmetic of ONNX Runtime's kernels, to the bit: each step rounds to float32, and a product with a sum behind it rounds once, as the
 * processor's fused multiply-add does. `Math.exp` gives other last bits. Nothing here depends on the processor.
 */
const f = Math.fround;

/** `a * b + c` for float32, rounded once. The result is 0 or no smaller than 2^-126. */
export function multiplyAdd(a: number, b: number, c: number): number {
  // Exact: the product of two float32 has at most 48 bits.
  const product = a * b;
  const sum = product + c;
  const rounded = f(sum);
  // Rounded to a double first, the sum may stand halfway between two float32 though it does not: then what lies as far on its other side is one, too.
  const mirrored = sum + (sum - rounded);
  return f(mirrored) === mirrored && sum !== rounded ? roundedOnce(product, c, sum, rounded, mirrored) : rounded;
}

/** Of the two float32 around a sum the one that is nearer to it before it was rounded to a double. */
function roundedOnce(product: number, c: number, sum: number, rounded: number, mirrored: number): number {
  const back = sum - product;
  const error = product - (sum - back) + (c - back);
  if (error === 0) return rounded;
  return error > 0 ? Math.max(rounded, mirrored) : Math.min(rounded, mirrored);
}

const sigmoidNumerator = [4.37031012579801e-11, 1.15627324459942e-7, 6.08574864600143e-5, 8.51377133304701e-3, 2.48287947061529e-1].map(f);
const sigmoidDenominator = [6.10247389755681e-13, 5.76102136993427e-9, 6.29106785017040e-6, 1.70198817374094e-3, 1.16817656904453e-1, 9.93151921023180e-1].map(f);
const [n0, n1, n2, n3, n4] = sigmoidNumerator as [number, number, number, number, number];
const [d0, d1, d2, d3, d4, d5] = sigmoidDenominator as [number, number, number, number, number, number];

/** `1 / (1 + e^-x)`: a quotient of polynomials of the square, as the operator Sigmoid computes it. */
export function sigmoid(x: number): number {
  const value = x < -18 ? -18 : x > 18 ? 18 : x;
  const square = f(value * value);
  const numerator = multiplyAdd(multiplyAdd(multiplyAdd(multiplyAdd(square, n0, n1), square, n2), square, n3), square, n4);
  const denominator = multiplyAdd(multiplyAdd(multiplyAdd(multiplyAdd(multiplyAdd(square, d0, d1), square, d2), square, d3), square, d4), square, d5);
  return Math.min(1, Math.max(0, f(f(f(numerator * value) / denominator) + 0.5)));
}

const lowestExponent = f(-103.9720840454);
const highestExponent = f(88.776262664795);
const perLog2 = f(1.4426950408889634);
const log2High = f(-0.693145752);
const log2Low = f(-0.00000142860677);
/** Added and taken off again, it rounds a small float32 to a whole number. */
const roundingBias = 12_582_912;
/** Of e^x for |x| <= ln 2 / 2, the highest power first; the last one counts twice. */
const expPolynomial = [0x1694 / 2 ** 22, 0x1125edc / 2 ** 31, 0x1555b5a / 2 ** 29, 0x155545 / 2 ** 23, 0x1fffff6 / 2 ** 26].map(f);
const [e0, e1, e2, e3, e4] = expPolynomial as [number, number, number, number, number];
/** 2^-150 to 2^128, all of them exact. */
const smallestPower = -150;
const powersOfTwo = Float64Array.from({ length: 279 }, (_, index) => 2 ** (index + smallestPower));

/** `e^x`, as the operator Exp computes it. */
export function exp(x: number): number {
  const value = x < lowestExponent ? lowestExponent : x > highestExponent ? highestExponent : x;
  const power = f(multiplyAdd(value, perLog2, roundingBias) - roundingBias);
  const rest = multiplyAdd(power, log2Low, multiplyAdd(power, log2High, value));
  const polynomial = multiplyAdd(multiplyAdd(multiplyAdd(multiplyAdd(e0, rest, e1), rest, e2), rest, e3), rest, e4);
  return f(multiplyAdd(multiplyAdd(polynomial, rest, 1), rest, 1) * powersOfTwo[power - smallestPower]!);
}

/** Sums are kept in so many lanes, as wide as the widest of processors has them. */
const lanes = 16;
const partial = new Float32Array(lanes);

/** Margins to probabilities, in place: `count` of them from an index on, as the operator Softmax computes them. */
export function softmax(values: Float32Array, from: number, count: number): void {
  let largest = -Infinity;
  for (let i = from; i < from + count; i++) if (values[i]! > largest) largest = values[i]!;
  partial.fill(0);
  for (let i = 0; i < count; i++) {
    const value = exp(f(values[from + i]! - largest));
    values[from + i] = value;
    partial[i % lanes]! += value;
  }
  const scale = f(1 / sumOfLanes());
  for (let i = from; i < from + count; i++) values[i]! *= scale;
}

/** The upper half is added to the lower one, and what is left in pairs. */
function sumOfLanes(): number {
  for (let i = 0; i < 8; i++) partial[i]! += partial[i + 8]!;
  return f(sumOfFour(0) + sumOfFour(4));
}

function sumOfFour(from: number): number {
  return f(f(partial[from]! + partial[from + 1]!) + f(partial[from + 2]! + partial[from + 3]!));
}
