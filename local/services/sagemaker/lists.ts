import type { Output } from '../../core/call.ts';
import { invalid } from './validate.ts';

/** How SageMaker's List operations are asked for. */
export interface ListInput {
  readonly NameContains?: string;
  readonly CreationTimeAfter?: Date;
  readonly CreationTimeBefore?: Date;
  readonly SortBy?: string;
  readonly SortOrder?: 'Ascending' | 'Descending';
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** What can be listed. */
export interface Listed {
  readonly name: string;
  /** ISO. */
  readonly creationTime: string;
}

const defaultPage = 10;

/** Filters by name and time, sorts and pages, as all of SageMaker's List operations do. */
export function listPage<T extends Listed>(member: string, items: readonly T[], input: ListInput, defaultOrder: 'Ascending' | 'Descending', summarise: (item: T) => Output): Output {
  const { NameContains: part, CreationTimeAfter: after, CreationTimeBefore: before, SortBy: by = 'CreationTime', SortOrder: order = defaultOrder } = input;
  const found = items.filter(
    ({ name, creationTime }) =>
      (part === undefined || name.toLowerCase().includes(part.toLowerCase())) &&
      (after === undefined || Date.parse(creationTime) >= after.getTime()) &&
      (before === undefined || Date.parse(creationTime) <= before.getTime()),
  );
  const key = ({ name, creationTime }: T): string => (by === 'Name' ? name : creationTime);
  // Stable: what was made in the same millisecond keeps its order.
  const sorted = found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  if (order === 'Descending') sorted.reverse();
  const start = input.NextToken === undefined ? 0 : position(input.NextToken);
  const end = start + (input.MaxResults ?? defaultPage);
  return {
    [member]: sorted.slice(start, end).map(summarise),
    ...(end < sorted.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {}),
  };
}

function position(token: string): number {
  const value = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(value) || value < 0) throw invalid(`NextToken "${token}" is none that a List operation gave`);
  return value;
}
