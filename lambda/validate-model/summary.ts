import { gateSentence } from '../../model/evaluation/gate-sentence.ts';
import type { GateVerdict } from '../../model/spec/gate.ts';

/** The gates in one line: each that is not met or, where all are, all of them. Such as `auc 0.7381 is not above 0.99: 0.2519 short (220 standard deviations)`. */
export function summary(gates: readonly GateVerdict[]): string {
  if (gates.length === 0) return 'no gate is declared';
  const missed = gates.filter((gate) => !gate.passed);
  return (missed.length > 0 ? missed : gates).map(gateSentence).join('; ');
}
