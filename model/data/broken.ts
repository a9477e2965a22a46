import { listFiles } from './files.ts';
import type { DataFiles } from './files.ts';

/** DuckDB's errors that speak of the file's content. Others (memory, a wrong query of ours) are no verdict on the data. */
const contentErrors = /^(Invalid Input|IO|Conversion|Invalid|Serialization|Not implemented|TProtocol\w*|Out of Range) Error: /;

/** The reason for people where an error speaks of a file's content, `undefined` where it does not. */
export function brokenContent(error: unknown, file: DataFiles): string | undefined {
  if (!(error instanceof Error) || !contentErrors.test(error.message)) return undefined;
  // The longest path first: one may be the beginning of another.
  const files = listFiles(file).toSorted((a, b) => b.path.length - a.path.length);
  const [firstLine = ''] = files.reduce((message, { path, name }) => message.replaceAll(path, name), error.message.replace(contentErrors, '')).split('\n');
  return `The file cannot be read: ${firstLine.replace(/\.?$/, '.')} It is broken or incomplete; upload it again.`;
}
