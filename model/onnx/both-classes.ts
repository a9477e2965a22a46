/** Of probabilities of class 1 those of class 0 and class 1, row after row. */
export function bothClasses(probabilities: Float32Array): Float32Array {
  return Float32Array.from({ length: 2 * probabilities.length }, (_, i) => (i % 2 === 1 ? probabilities[i >> 1]! : 1 - probabilities[i >> 1]!));
}
