import type { CheckSpec } from '../spec/check.ts';
import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';
import { foundColumn } from './source.ts';
import type { DataSource } from './source.ts';
import { severityOf } from './verdict.ts';
import type { Finding } from './violations.ts';
import { count, quoted } from './words.ts';

/** Columns that are declared and not there, and columns that are there and not declared. */
export function checkColumns(schema: DatasetSpec, sources: readonly DataSource[], checks: readonly CheckSpec[]): Finding[] {
  const isDeclared = (name: string): boolean => schema.columns.some((column) => column.name === name);
  const extra = [...new Set(sources.flatMap(({ found }) => found.map(({ name }) => name)))].filter((name) => !isDeclared(name));
  return [
    ...schema.columns.flatMap((column) => {
      const lacking = sourcesWithout(column, sources);
      // Nothing can be learned without the label.
      const severity = column.name === schema.label.column && lacking.length === sources.length ? 'fail' : severityOf(checks, 'missingColumns', column.name);
      return lacking.length === 0 || severity === undefined ? [] : [missing(column, lacking, sources, isDeclared, severity)];
    }),
    ...extra.flatMap((column): Finding[] => {
      const severity = severityOf(checks, 'extraColumns', column);
      return severity === undefined ? [] : [{ severity, column, check: 'extra_column_check', description: 'the column is not declared and is not used.' }];
    }),
  ];
}

/** In JSON lines a key may be left out of a row, and so of all rows of a file. */
function sourcesWithout(column: ColumnSpec, sources: readonly DataSource[]): DataSource[] {
  const lacking = sources.filter((source) => foundColumn(source, column) === undefined);
  return lacking.length < sources.length ? lacking.filter(({ format }) => format !== 'jsonl') : lacking;
}

function missing(column: ColumnSpec, lacking: readonly DataSource[], sources: readonly DataSource[], isDeclared: (name: string) => boolean, severity: Finding['severity']): Finding {
  const names = lacking[0]!.found.map(({ name }) => name);
  const extra = names.filter((name) => !isDeclared(name));
  const where = lacking.length === sources.length ? '' : ` in ${count(lacking.length)} of ${count(sources.length)} files, such as ${quoted([lacking[0]!.name ?? ''])}`;
  const instead = extra.length > 0 && names.length > 1 ? ` Not declared, but in the file: ${quoted(extra)}.` : '';
  const hint = names.length === 1 ? ` The file has one column alone, ${quoted(names)}: is its delimiter one of , ; | or tab?` : '';
  return { severity, column: column.name, check: 'missing_column_check', description: `the column is missing${where}, expected ${column.type}.${instead}${hint}` };
}
