import type { GateVerdict } from '../../model/spec/gate.ts';

/** The gates in one line: those that are not met or, where all are, all of them. Such as `auc 0.7381 is not above 0.99`. */
export function summary(gates: readonly GateVerdict[]): string {
  if (gates.length === 0) return 'no gate is declared';
  const missed = gates.filter((gate) => !gate.passed);
  return (missed.length > 0 ? missed : gates).map(sentence).join('; ');
}

function sentence({ metric, value, comparison, threshold, passed }: GateVerdict): string {
  return `${metric} ${shown(value, threshold)} is ${passed ? '' : 'not '}${comparison} ${String(threshold)}`;
}

/** Four decimals, or as many as it takes to stay on the value's side of the threshold: `0.72 is above 0.72` would be wrong. */
function shown(value: number, threshold: number): string {
  if (!Number.isFinite(value)) return 'could not be computed and';
  for (let digits = 4; digits < 15; digits += 1) {
    const rounded = Number(value.toFixed(digits));
    if (Math.sign(rounded - threshold) === Math.sign(value - threshold)) return String(rounded);
  }
  return String(value);
}
