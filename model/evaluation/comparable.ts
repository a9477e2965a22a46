import type { ModelDescription } from '../serving/description.ts';
import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';
import type { SplitSummary } from '../spec/split-summary.ts';
import type { SplitSpec } from '../spec/split.ts';
import type { SharedData } from './champion.ts';

/** Why the champion cannot predict the challenger's held-out rows, or answers another question; undefined where both can be compared. */
export function incomparable(champion: ModelDescription, challenger: ModelDescription): string | undefined {
  if (champion.task !== challenger.task) return `it was made for another task, ${champion.task} instead of ${challenger.task}`;
  const [theirs, ours] = [champion.schema.label, challenger.schema.label];
  if (theirs.column !== ours.column || theirs.kind !== ours.kind || theirs.threshold !== ours.threshold) {
    return `it predicts another label, ${labelText(champion.schema)} instead of ${labelText(challenger.schema)}`;
  }
  const classes = classesDiffer(champion.classes ?? [], challenger.classes ?? []);
  if (classes !== undefined) return classes;
  const needed = [...new Set(champion.features.map((feature) => feature.column))];
  const lost = needed.flatMap((name) => {
    const [before, now] = [columnOf(champion.schema, name), columnOf(challenger.schema, name)];
    if (now === undefined) return `'${name}' is no column any more`;
    return before?.type === now.type ? [] : `'${name}' was ${before?.type ?? 'not declared'} and is ${now.type}`;
  });
  return lost.length === 0 ? undefined : `it needs columns that have changed: ${lost.join(', ')}`;
}

/** What a model was trained and held out on. */
export interface TrainedOn {
  readonly dataset: { readonly sha256?: string };
  readonly schema: DatasetSpec;
  /** The split as it was declared. */
  readonly splitSpec: SplitSpec;
  /** Where it cut. */
  readonly split: SplitSummary;
}

/**
 * Whether the champion may know rows that it is now judged by. A split by a hash, of the row or of its group, puts a row into the same part in
 * every run whose split and columns are the same, whatever the file: what is held out from one model is held out from the other. A split by
 * time does so where the champion's last row is older than the first one held out.
 */
export function sharedData(challenger: TrainedOn, champion: TrainedOn | undefined): SharedData {
  if (champion === undefined) {
    return { overlap: 'possible', note: 'What the champion was trained on is not known any more: it may have learned from some of these rows, which would flatter it.' };
  }
  const sameFile = champion.dataset.sha256 !== undefined && champion.dataset.sha256 === challenger.dataset.sha256;
  const sameSplit = JSON.stringify(champion.splitSpec) === JSON.stringify(challenger.splitSpec);
  const { kind } = challenger.splitSpec;
  if (sameSplit && sameFile && sameColumns(champion.schema, challenger.schema)) {
    return { sameFile, overlap: 'none', note: 'Both were trained on the same file with the same split: neither has learned from these rows, and the comparison is fair.' };
  }
  if (sameSplit && kind === 'rowHash' && sameColumns(champion.schema, challenger.schema)) {
    return { sameFile, overlap: 'none', note: 'The champion was trained on another file. Both splits go by the same hash of the row, so that a row held out here was held out there too: the comparison is fair.' };
  }
  if (sameSplit && kind === 'group') {
    return { sameFile, overlap: 'none', note: 'Both splits go by the same hash of the group, so that a group held out here was held out there too: the comparison is fair.' };
  }
  const [learnedUntil, heldOutFrom] = [champion.split.times?.validation.to, challenger.split.times?.test.from];
  if (kind === 'time' && champion.split.column === challenger.split.column && learnedUntil !== undefined && heldOutFrom !== undefined && isBefore(learnedUntil, heldOutFrom)) {
    return { sameFile, overlap: 'none', note: `The champion learned from rows until ${learnedUntil}, and these begin with ${heldOutFrom}: it has seen none of them, but it is older, and part of the difference is its age.` };
  }
  return {
    sameFile,
    overlap: 'possible',
    note: `The champion was trained on ${sameFile ? 'the same file with another split' : 'another file'}: it may have learned from some of these rows, which would flatter it. A challenger that is better here is better all the more.`,
  };
}

/** Times as texts of one form, or whole numbers. */
function isBefore(a: string, b: string): boolean {
  return /^-?\d+$/.test(a) && /^-?\d+$/.test(b) ? Number(a) < Number(b) : a < b;
}

/** Where each of the challenger's classes stands among the champion's, or nothing where they stand in the same places. */
export function classOrder(champion: readonly string[], challenger: readonly string[]): number[] | undefined {
  const order = challenger.map((name) => champion.indexOf(name));
  return order.every((place, index) => place === index) ? undefined : order;
}

function classesDiffer(champion: readonly string[], challenger: readonly string[]): string | undefined {
  const unknown = challenger.filter((name) => !champion.includes(name));
  const gone = champion.filter((name) => !challenger.includes(name));
  if (unknown.length > 0) return `it does not know ${unknown.map((name) => `'${name}'`).join(', ')} among the classes`;
  return gone.length === 0 ? undefined : `it knows ${gone.map((name) => `'${name}'`).join(', ')}, which ${gone.length === 1 ? 'is no class' : 'are no classes'} any more`;
}

function columnOf({ columns }: DatasetSpec, name: string): ColumnSpec | undefined {
  return columns.find((column) => column.name === name);
}

/** The hash goes over all columns in their order, by their types' texts. */
function sameColumns(a: DatasetSpec, b: DatasetSpec): boolean {
  const shape = ({ columns }: DatasetSpec): string => JSON.stringify(columns.map(({ name, type }) => [name, type]));
  return shape(a) === shape(b);
}

function labelText({ label }: DatasetSpec): string {
  return label.kind === 'above' ? `'${label.column}' above ${String(label.threshold)}` : `'${label.column}' (${label.kind})`;
}
