import type { DuckDb } from './duckdb.ts';
import { UnreadableFile } from './format.ts';
import { quoteText } from './quote.ts';
import type { Finding } from './violations.ts';

/** How many malformed rows are kept aside; a file with so many is past help. */
export const rejectLimit = 1000;
/** Lines named in the reason. */
const shownLines = 3;

/** What the parser does not keep aside but gives up on. Its own assertions fail on some malformed files: the file's fault, as far as its owner can tell. */
export function malformed(error: unknown): UnreadableFile | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message.includes('CSV Parser state machine')) {
    return new UnreadableFile('The CSV file is malformed: its lines end in different ways (LF and CRLF, or a lone carriage return), expected one. Write it anew.', { cause: error });
  }
  return error.message.startsWith('INTERNAL Error') ? new UnreadableFile('The CSV file is malformed: quotes or delimiters do not match up.', { cause: error }) : undefined;
}

/** Rows of a file that did not fit the header, were not closed or not UTF-8: one finding that names the first of them. @param file as DuckDB read it */
export async function rejectedRows(db: DuckDb, file: string): Promise<Finding[]> {
  const rejected = await db.all<{ line: number; message: string }>(
    `SELECT line, any_value(error_message ORDER BY column_idx) AS message FROM reject_errors JOIN reject_scans USING (scan_id, file_id)
     WHERE file_path = ${quoteText(file)} GROUP BY line ORDER BY line`,
  );
  if (rejected.length === 0) return [];
  const shown = rejected.slice(0, shownLines).map(({ line, message }) => `line ${String(line)}: ${message.split('\n')[0]!.replace(/\.$/, '')}`);
  const total = `${rejected.length >= rejectLimit ? 'At least ' : ''}${rejected.length.toLocaleString('en-US')}`;
  return [{ severity: 'fail', check: 'data_type_check', description: `${total} ${rejected.length === 1 ? 'row is' : 'rows are'} malformed: ${shown.join('; ')}.` }];
}
