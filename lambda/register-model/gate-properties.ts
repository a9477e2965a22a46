import { gateDemand } from '../../model/evaluation/gate-sentence.ts';
import { isChampionGate } from '../../model/spec/gate.ts';
import type { GateVerdict } from '../../model/spec/gate.ts';

/** A property a gate: `gate.auc` = `above 0.7`; a gate by slices or against the champion says so in its name, and a second one of a name gets a number. */
export function gateProperties(gates: readonly GateVerdict[]): [string, string][] {
  const taken = new Map<string, number>();
  return gates.map((gate) => {
    const kind = isChampionGate(gate) ? '.champion' : gate.inEachSlice === undefined ? '' : `.${gate.inEachSlice.column.replace(/[^\p{L}\p{N}_.:/=+\-@]/gu, '_').slice(0, 64)}`;
    const name = `gate.${gate.metric}${kind}`;
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return [before === 0 ? name : `${name}.${String(before + 1)}`, gateDemand(gate)];
  });
}
