import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';
import { checkLabel } from './label-checks.ts';
import type { DatasetProfile } from './profile.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FoundColumn } from './typed.ts';
import type { Finding } from './violations.ts';
import { count, percent, quoted, share } from './words.ts';

/** The bounds that a dataset must keep to. */
export interface DatasetLimits {
  /** Fewer rows are refused. */
  readonly minimumRows: number;
  /** The largest share of missing values in a column, 0.1 for 10 %. */
  readonly maximumNullShare: number;
  /** A larger file is refused unread. */
  readonly maximumBytes: number;
}

/** Above this share of repeated rows a dataset is refused: they fall into one part of the split and weigh more than they tell. */
const maximumDuplicateShare = 0.5;
/** Above this share of repeated rows there is a warning. */
const suspectDuplicateShare = 0.05;
/** Categories named in a message at most. */
const shownCategories = 10;

/** Every check of a profile against its declaration; all findings, not the first. */
export function checkDataset(schema: DatasetSpec, found: readonly FoundColumn[], profile: DatasetProfile, duplicates: number, limits: DatasetLimits): Finding[] {
  return [
    ...checkColumns(schema, found),
    ...profile.columns.flatMap((column) => {
      const declared = schema.columns.find((candidate) => candidate.name === column.name)!;
      return [...checkTypes(declared, column, profile.rows), ...checkMissing(declared, column, profile.rows, limits), ...checkOutside(declared, column)];
    }),
    ...(profile.label === undefined || profile.rows === 0 ? [] : checkLabel(schema, profile.label, profile.rows)),
    ...checkRows(profile.rows, duplicates, limits),
  ];
}

function checkColumns(schema: DatasetSpec, found: readonly FoundColumn[]): Finding[] {
  const names = found.map((column) => column.name);
  const missing = schema.columns.filter((column) => !names.includes(column.name));
  const extra = names.filter((name) => !schema.columns.some((column) => column.name === name));
  const hint = names.length === 1 ? ` The file has one column alone, ${quoted(names)}: is its delimiter one of , ; | or tab?` : '';
  return [
    ...missing.map((column): Finding => {
      const instead = extra.length > 0 && names.length > 1 ? ` Not declared, but in the file: ${quoted(extra)}.` : '';
      return { severity: 'fail', column: column.name, check: 'missing_column_check', description: `the column is missing, expected ${column.type}.${instead}${hint}` };
    }),
    ...extra.map((column): Finding => ({ severity: 'warn', column, check: 'extra_column_check', description: 'the column is not declared and is not used.' })),
  ];
}

function checkTypes(declared: ColumnSpec, column: ColumnProfile, rows: number): Finding[] {
  if (column.mismatched === 0) return [];
  const such = column.mismatchExample === undefined ? '' : `, such as ${JSON.stringify(column.mismatchExample)}`;
  const type = column.foundType === 'VARCHAR' ? '' : ` (the file's type is ${column.foundType})`;
  const zone = declared.type === 'timestamp' ? ' in local time without a zone' : '';
  const description = `${share(column.mismatched, rows)} of the values are not of type ${declared.type}${zone}${such}${type}.`;
  return [{ severity: 'fail', column: column.name, check: 'data_type_check', description }];
}

function checkMissing(declared: ColumnSpec, column: ColumnProfile, rows: number, limits: DatasetLimits): Finding[] {
  const { missing } = column;
  const bound = declared.nullable ? limits.maximumNullShare : 0;
  if (rows === 0 || missing / rows <= bound) return [];
  const expected = declared.nullable ? `at most ${percent(bound)}` : 'none, since the column is declared not nullable';
  return [{ severity: 'fail', column: column.name, check: 'completeness_check', description: `${share(missing, rows)} of the values are missing, expected ${expected}.` }];
}

function checkOutside(declared: ColumnSpec, column: ColumnProfile): Finding[] {
  if (column.outside === 0) return [];
  const such = `such as ${JSON.stringify(column.outsideExample ?? '')}`;
  if (declared.type === 'string') {
    const categories = declared.categories ?? [];
    const expected = `${quoted(categories.slice(0, shownCategories))}${categories.length > shownCategories ? ` and ${String(categories.length - shownCategories)} more` : ''}`;
    return [{ severity: 'fail', column: column.name, check: 'categorical_values_check', description: `${share(column.outside, column.present)} of the values are none of the declared categories, ${such}; expected ${expected}.` }];
  }
  const bounds = [declared.minimum === undefined ? '' : `at least ${String(declared.minimum)}`, declared.maximum === undefined ? '' : `at most ${String(declared.maximum)}`];
  const expected = [...bounds.filter((bound) => bound !== ''), 'finite and no larger than float32 holds'].join(', ');
  return [{ severity: 'fail', column: column.name, check: 'data_type_check', description: `${share(column.outside, column.present)} of the values are outside the declared range, ${such}; expected ${expected}.` }];
}

function checkRows(rows: number, duplicates: number, limits: DatasetLimits): Finding[] {
  const findings: Finding[] = [];
  if (rows < limits.minimumRows) findings.push({ severity: 'fail', check: 'completeness_check', description: `The file has ${count(rows)} rows, expected at least ${count(limits.minimumRows)}.` });
  if (duplicates > suspectDuplicateShare) {
    const severity = duplicates > maximumDuplicateShare ? 'fail' : 'warn';
    findings.push({ severity, check: 'data_type_check', description: `${percent(duplicates)} of the rows repeat another one in every column, expected at most ${percent(severity === 'fail' ? maximumDuplicateShare : suspectDuplicateShare)}.` });
  }
  return findings;
}
