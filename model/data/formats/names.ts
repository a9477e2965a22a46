import { UnreadableFile } from './unreadable.ts';

/** More columns than this are no table for training, and no plan that DuckDB makes in reasonable time. */
export const maximumColumns = 5_000;

/** What to say of a file with more. @param found how many, in words */
export function tooManyColumns(found: string): UnreadableFile {
  return new UnreadableFile(`The file has ${found} columns, expected at most ${maximumColumns.toLocaleString('en-US')}. Is a table written sideways, or a line break missing?`);
}

/** Names as DuckDB can hold them side by side: a repeated or empty one is numbered (`delay`, `delay_2`, `column_3`). */
export function uniqueNames(header: readonly string[]): string[] {
  const seen = new Set<string>();
  return header.map((name, index) => {
    let unique = name === '' ? `column_${String(index + 1)}` : name;
    for (let repeat = 2; seen.has(unique.toLowerCase()); repeat += 1) unique = `${name}_${String(repeat)}`;
    seen.add(unique.toLowerCase());
    return unique;
  });
}
