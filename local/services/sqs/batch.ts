import type { Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';

interface Entry {
  readonly Id: string;
}

const mostEntries = 10;

/** Does each entry of a batch by itself: one that fails is told of beside the others. */
export function inBatch<T extends Entry>(entries: readonly T[] | undefined, perform: (entry: T) => Output): Output {
  const checked = check(entries ?? []);
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const entry of checked) {
    try {
      Successful.push({ Id: entry.Id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: error.statusCode < 500, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

function check<T extends Entry>(entries: readonly T[]): readonly T[] {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > mostEntries) throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`);
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) throw new AwsError('InvalidBatchEntryId', 'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.');
    if (ids.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
  }
  return entries;
}
