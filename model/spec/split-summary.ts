import type { SplitSpec } from './split.ts';

/** The parts of a split, in the order in which they are cut. */
export const splitParts = ['train', 'validation', 'test'] as const;

/** A part of a split. */
export type SplitPart = (typeof splitParts)[number];

/** Which split was used, and where it cut: for the report and the lineage. */
export interface SplitSummary {
  readonly kind: SplitSpec['kind'];
  /** What a split by time or by group stands on. */
  readonly column?: string;
  /** Rows with a label that are in no part, since they have no time or no group. */
  readonly unplacedRows: number;
  /** By time: the first and the last time of each part. */
  readonly times?: Readonly<Record<SplitPart, { readonly from: string; readonly to: string }>>;
  /** By group: how many groups each part has. */
  readonly groups?: Readonly<Record<SplitPart, number>>;
}

/** A split in a line, for those who look a model up. */
export function describeSplit({ kind, column = '', times, groups }: SplitSummary): string {
  if (times !== undefined) return `by time: ${column} / training from ${times.train.from} / validation from ${times.validation.from} / test from ${times.test.from} to ${times.test.to}`;
  if (groups !== undefined) return `by group: ${column} / ${splitParts.map((part) => `${String(groups[part])} ${part === 'train' ? 'training' : part}`).join(' / ')}`;
  return kind === 'rowHash' ? 'by row hash' : `by ${kind}: ${column}`;
}
