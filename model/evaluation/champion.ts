import type { ChampionEvidence } from './judge.ts';
import type { PairedMetric } from './paired/paired.ts';

/** What the served model came to on today's held-out rows, as plain JSON. */
export type ChampionReport =
  | { readonly state: 'none'; readonly reason: string }
  | { readonly state: 'incomparable'; readonly modelVersion: string; readonly modelPackageArn: string; readonly reason: string }
  | { readonly state: 'compared'; readonly modelVersion: string; readonly modelPackageArn: string; readonly rows: number; readonly metrics: readonly PairedMetric[]; readonly data: SharedData };

/** Whether the champion may have been trained on rows that it is judged by here, which would flatter it. */
export interface SharedData {
  /** Whether both were trained on the same file: undefined where that of the champion is not known. */
  readonly sameFile?: boolean;
  readonly overlap: 'none' | 'possible';
  /** The same in words. */
  readonly note: string;
}

/** How a champion's report and what gates ask of it go together. */
export interface ChampionResult {
  readonly report: ChampionReport;
  readonly evidence: ChampionEvidence;
}
