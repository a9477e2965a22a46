import type { ColumnSpec, ColumnType } from '../spec/dataset.ts';
import { localTimePattern } from '../features/local-time.ts';
import { quoteName, quoteText } from './quote.ts';

/** A column as it was found in the file. */
export interface FoundColumn {
  readonly name: string;
  /** DuckDB's type: VARCHAR for every column of a CSV file. */
  readonly type: string;
}

/** The SQL type that a declared type is read as. */
export const sqlTypes: Readonly<Record<ColumnType, string>> = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

/** Whole numbers beyond this are not the same in JSON, where a prediction request sends them. */
const safeInteger = '9007199254740991';

/**
 * The expression that reads a column as its declared type: null where the value is missing, and also where it does not fit
 * (`mismatchSql` tells the two apart). `undefined` where no value of the found type can fit.
 */
export function typedSql(column: ColumnSpec, found: FoundColumn, isText: boolean): string | undefined {
  const name = quoteName(found.name);
  return isText ? textAs[column.type](name) : valueAs[column.type](name, found.type);
}

/** The condition under which a value is present and does not fit its declared type. */
export function mismatchSql(column: ColumnSpec, found: FoundColumn, isText: boolean): string {
  const name = quoteName(found.name);
  const typed = typedSql(column, found, isText);
  const present = isText || isFloating(found.type) ? `${name} IS NOT NULL AND NOT ${isNan(name, isText)}` : `${name} IS NOT NULL`;
  if (typed === undefined) return present;
  return isAlwaysFitting(column.type, found.type, isText) ? 'false' : `(${present} AND (${typed}) IS NULL)`;
}

const textAs: Readonly<Record<ColumnType, (name: string) => string>> = {
  number: (name) => nanAsNull(`TRY_CAST(${name} AS DOUBLE)`),
  integer: (name) => whole(`TRY_CAST(${name} AS DOUBLE)`),
  string: (name) => name,
  boolean: (name) => `TRY_CAST(${name} AS BOOLEAN)`,
  timestamp: (name) => `CASE WHEN regexp_full_match(${name}, ${quoteText(localTimePattern)}) THEN TRY_CAST(${name} AS TIMESTAMP) END`,
};

const valueAs: Readonly<Record<ColumnType, (name: string, type: string) => string | undefined>> = {
  number: (name, type) => (isInteger(type) || isDecimal(type) ? `CAST(${name} AS DOUBLE)` : isFloating(type) ? nanAsNull(`CAST(${name} AS DOUBLE)`) : undefined),
  integer: (name, type) => {
    if (isSmallInteger(type)) return `CAST(${name} AS BIGINT)`;
    if (isInteger(type)) return `CASE WHEN ${name} BETWEEN -${safeInteger} AND ${safeInteger} THEN CAST(${name} AS BIGINT) END`;
    return isFloating(type) || isDecimal(type) ? whole(`CAST(${name} AS DOUBLE)`) : undefined;
  },
  string: (name, type) => (type === 'VARCHAR' ? name : type.startsWith('ENUM') ? `CAST(${name} AS VARCHAR)` : undefined),
  boolean: (name, type) => {
    if (type === 'BOOLEAN') return name;
    return isInteger(type) || isFloating(type) ? `CASE ${name} WHEN 0 THEN false WHEN 1 THEN true END` : undefined;
  },
  timestamp: (name, type) => {
    if (/^(TIMESTAMP(_S|_MS|_NS)?|DATE)$/.test(type)) return `CASE WHEN isfinite(${name}::TIMESTAMP) THEN ${name}::TIMESTAMP END`;
    return type === 'VARCHAR' ? textAs.timestamp(name) : undefined;
  },
};

function whole(number: string): string {
  return `CASE WHEN ${number} = trunc(${number}) AND abs(${number}) <= ${safeInteger} THEN CAST(${number} AS BIGINT) END`;
}

function nanAsNull(number: string): string {
  return `CASE WHEN NOT isnan(${number}) THEN ${number} END`;
}

function isNan(name: string, isText: boolean): string {
  return isText ? `lower(${name}) = 'nan'` : `isnan(${name})`;
}

function isAlwaysFitting(declared: ColumnType, found: string, isText: boolean): boolean {
  if (isText) return declared === 'string';
  if (declared === 'integer') return isSmallInteger(found);
  return declared === 'number' || declared === 'string' || (declared === 'boolean' && found === 'BOOLEAN');
}

function isInteger(type: string): boolean {
  return /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type);
}

function isSmallInteger(type: string): boolean {
  return /^(U?(TINYINT|SMALLINT|INTEGER))$/.test(type);
}

function isFloating(type: string): boolean {
  return type === 'FLOAT' || type === 'DOUBLE';
}

function isDecimal(type: string): boolean {
  return type.startsWith('DECIMAL');
}
