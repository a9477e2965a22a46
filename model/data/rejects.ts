import type { DuckDb } from './duckdb.ts';
import type { Finding } from './violations.ts';

/** How many rejected rows DuckDB keeps; a file with so many is past help. */
export const rejectLimit = 1000;
/** Lines named in the reason. */
const shownLines = 3;

/** The CSV rows that did not fit the header, were not closed or not UTF-8: one finding that names the first of them. */
export async function rejectedRows(db: DuckDb): Promise<Finding[]> {
  const rejected = await db.all<{ line: number; message: string }>(
    'SELECT line, any_value(error_message) AS message FROM reject_errors GROUP BY line ORDER BY line',
  );
  if (rejected.length === 0) return [];
  const shown = rejected.slice(0, shownLines).map(({ line, message }) => `line ${String(line)}: ${message.split('\n')[0]!.replace(/\.$/, '')}`);
  const total = `${rejected.length >= rejectLimit ? 'At least ' : ''}${rejected.length.toLocaleString('en-US')}`;
  return [{ severity: 'fail', check: 'data_type_check', description: `${total} ${rejected.length === 1 ? 'row is' : 'rows are'} malformed: ${shown.join('; ')}.` }];
}
