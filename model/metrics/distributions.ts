import { logGamma } from '../trainer/log-gamma.ts';

/** P(T <= t) for Student's t with so many degrees of freedom; with Infinity that of the normal distribution. */
export function studentsTCdf(t: number, degrees: number): number {
  if (degrees === Infinity) return normalCdf(t);
  const tail = 0.5 * regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** P(|T| >= |t|): the two-sided p-value. Tails keep their digits, where 1 - cdf would lose them. */
export function twoSidedT(t: number, degrees: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  if (degrees === Infinity) return regularizedGammaTail(0.5, (t * t) / 2);
  return regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The t that a share of the distribution lies below, by bisection: it is asked for a few times a run. */
export function studentsTQuantile(share: number, degrees: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`The share is ${String(share)}, expected more than 0 and less than 1.`);
  if (share < 0.5) return -studentsTQuantile(1 - share, degrees);
  let [low, high] = [0, 1];
  while (studentsTCdf(high, degrees) < share) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (studentsTCdf(middle, degrees) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(Z <= z). */
export function normalCdf(z: number): number {
  const tail = 0.5 * regularizedGammaTail(0.5, (z * z) / 2);
  return z > 0 ? 1 - tail : tail;
}

/** The two-sided exact binomial test of a fair coin: how likely a split at least as uneven as this one is. */
export function fairCoinTest(heads: number, tails: number): number {
  const tosses = heads + tails;
  const fewer = Math.min(heads, tails);
  if (tosses === 0 || heads === tails) return 1;
  // P(X <= fewer) twice; for a fair coin this is the regularized incomplete beta function.
  return Math.min(1, 2 * regularizedBeta(0.5, tosses - fewer, fewer + 1));
}

/** I_x(a, b), by Lentz's continued fraction, which converges fast on the side of the mean that it is taken on. */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const term = (index: number): number => {
    const m = index >> 1;
    if (index % 2 === 0) return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
  };
  return front / continuedFraction(term);
}

/** Q(a, x) for a < x or any x: the share of a gamma distribution above x. */
function regularizedGammaTail(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let [sum, term] = [1 / a, 1 / a];
    for (let n = 1; term > sum * 1e-17; n++) sum += term *= x / (a + n);
    return 1 - front * sum;
  }
  let [b, c] = [x + 1 - a, 1e300];
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 10_000; n++) {
    const coefficient = -n * (n - a);
    b += 2;
    d = 1 / (coefficient * d + b);
    c = b + coefficient / c;
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return front * h;
}

/** 1 + t1 / (1 + t2 / (1 + ..)). */
function continuedFraction(term: (index: number) => number): number {
  const tiny = 1e-300;
  let [value, c, d] = [1, 1, 0];
  for (let index = 1; index < 100_000; index++) {
    d = 1 + term(index) * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + term(index) / c;
    if (Math.abs(c) < tiny) c = tiny;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return value;
}
