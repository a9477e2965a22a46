/** Where Stirling's series is right to 1e-15. */
const smallest = 16;

/** The logarithm of the gamma function for x > 0. */
export function logGamma(x: number): number {
  let z = x;
  let product = 1;
  while (z < smallest) product *= z++;
  const square = 1 / (z * z);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
