import path from 'node:path';

/** DuckDB's errors that speak of the file's content. Others (memory, a wrong query of ours) are no verdict on the data. */
const contentErrors = /^(Invalid Input|IO|Conversion|Invalid|Serialization|Not implemented|TProtocol\w*|Out of Range) Error: /;

/** The reason for people where an error speaks of the file's content, `undefined` where it does not. */
export function brokenContent(error: unknown, file: string): string | undefined {
  if (!(error instanceof Error) || !contentErrors.test(error.message)) return undefined;
  const [firstLine = ''] = error.message.replace(contentErrors, '').replaceAll(file, path.basename(file)).split('\n');
  return `The file cannot be read: ${firstLine.replace(/\.?$/, '.')} It is broken or incomplete; upload it again.`;
}
