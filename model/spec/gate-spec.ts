/** Parts of the held-out rows, by the values of a column. */
export interface SliceSpec {
  readonly column: string;
  /** Parts with fewer rows are not judged: chance would speak. */
  readonly minimumRows: number;
}

/** A gate against a fixed bound, as JSON. `above` passes when the value is greater than the threshold, `below` when it is less. */
export interface BoundGateSpec {
  readonly metric: string;
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  /** Each part has to pass, not all rows together. */
  readonly inEachSlice?: SliceSpec;
}

/** A gate against the model that is served, as JSON. */
export interface ChampionGateSpec {
  readonly metric: string;
  readonly comparison: 'notWorseThanChampion' | 'betterThanChampion';
  /** How much worse the model may be, or how much better it has to be at least; in the metric's unit. */
  readonly margin: number;
  /** Where the whole confidence interval of the difference has to keep the margin, its level, such as 0.95; else the difference alone has to. */
  readonly confidence?: number;
}

/** A gate as JSON. */
export type GateSpec = BoundGateSpec | ChampionGateSpec;

/** What a gate rested on, and how far from the other answer it was. */
export interface GateEvidence {
  /** The model's metric: of all rows or, of a gate in each slice, of the part that decides. NaN where it could not be computed. */
  readonly value: number;
  readonly passed: boolean;
  /** How far the value lies on the right side of what the gate asks for; negative where it is not met. Absent where nothing could be compared. */
  readonly distance?: number;
  /** The distance in standard deviations of what was measured (the metric, or the difference to the champion), where that is known. */
  readonly deviations?: number;
  /** The part that decides, the worst one, and how many were judged and how many of them missed. */
  readonly slice?: { readonly name: string; readonly rows: number; readonly judged: number; readonly missed: number };
  /** The served model on the same rows: its version, its metric and the interval that holds the difference (this model's less the champion's). */
  readonly champion?: { readonly modelVersion: string; readonly value: number; readonly difference: number; readonly low: number; readonly high: number; readonly confidence: number };
  /** Why there was nothing to compare with, or what else has to be known. */
  readonly note?: string;
}

/** What a gate said of a model. */
export type GateVerdict = GateSpec & GateEvidence;

/** Whether a gate compares with the model that is served. */
export function isChampionGate<Spec extends GateSpec>(gate: Spec): gate is Spec & ChampionGateSpec {
  return gate.comparison === 'notWorseThanChampion' || gate.comparison === 'betterThanChampion';
}
