import type { CheckSpec } from '../spec/check.ts';
import type { ColumnSpec } from '../spec/dataset.ts';
import type { ColumnProfile } from './column-profile.ts';
import { severityOf, verdictOf } from './verdict.ts';
import type { Finding } from './violations.ts';
import { percent, quoted, share } from './words.ts';

/** Categories named in a message at most. */
const shownCategories = 10;

/** Values that are not of the declared type. */
export function checkTypes(declared: ColumnSpec, column: ColumnProfile, rows: number, checks: readonly CheckSpec[]): Finding[] {
  const severity = severityOf(checks, 'types', column.name);
  if (column.mismatched === 0 || severity === undefined) return [];
  const such = column.mismatchExample === undefined ? '' : `, such as ${JSON.stringify(column.mismatchExample)}`;
  const type = column.foundType === 'VARCHAR' ? '' : ` (the file's type is ${column.foundType})`;
  const zone = declared.type === 'timestamp' ? ' in local time without a zone' : '';
  const description = `${share(column.mismatched, rows)} of the values are not of type ${declared.type}${zone}${such}${type}.`;
  return [{ severity, column: column.name, check: 'data_type_check', description }];
}

/** Values that are missing. */
export function checkMissing(declared: ColumnSpec, column: ColumnProfile, rows: number, checks: readonly CheckSpec[]): Finding[] {
  const { missing } = column;
  const verdict = verdictOf(checks, 'nulls', column.name, (bound) => rows > 0 && missing / rows > (declared.nullable ? bound : 0));
  if (verdict === undefined) return [];
  const expected = declared.nullable ? `at most ${percent(verdict.bound)}` : 'none, since the column is declared not nullable';
  return [{ severity: verdict.severity, column: column.name, check: 'completeness_check', description: `${share(missing, rows)} of the values are missing, expected ${expected}.` }];
}

/** Values outside the declared range or categories. */
export function checkOutside(declared: ColumnSpec, column: ColumnProfile, checks: readonly CheckSpec[]): Finding[] {
  const severity = severityOf(checks, declared.type === 'string' ? 'categories' : 'ranges', column.name);
  if (column.outside === 0 || severity === undefined) return [];
  const such = `such as ${JSON.stringify(column.outsideExample ?? '')}`;
  if (declared.type === 'string') {
    const categories = declared.categories ?? [];
    const expected = `${quoted(categories.slice(0, shownCategories))}${categories.length > shownCategories ? ` and ${String(categories.length - shownCategories)} more` : ''}`;
    return [{ severity, column: column.name, check: 'categorical_values_check', description: `${share(column.outside, column.present)} of the values are none of the declared categories, ${such}; expected ${expected}.` }];
  }
  const bounds = [declared.minimum === undefined ? '' : `at least ${String(declared.minimum)}`, declared.maximum === undefined ? '' : `at most ${String(declared.maximum)}`];
  const expected = [...bounds.filter((bound) => bound !== ''), 'finite and no larger than float32 holds'].join(', ');
  return [{ severity, column: column.name, check: 'data_type_check', description: `${share(column.outside, column.present)} of the values are outside the declared range, ${such}; expected ${expected}.` }];
}
