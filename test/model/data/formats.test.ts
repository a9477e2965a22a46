import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateDataset } from '../../../model/data/validate.ts';
import type { ValidationReport } from '../../../model/data/validation-report.ts';
import { prepareDataset } from '../../../model/data/prepare.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { Split } from '../../../model/spec/split.ts';
import { query, tripFeatures, trips, tripsSql, withFolder, writeParquet } from './files.ts';

const limits = { checks: resolveChecks([]), maximumBytes: 10_000_000 };
const names = ['left', 'delay', 'distance', 'origin', 'weekend'];

interface Row {
  readonly left: string;
  readonly delay: unknown;
  readonly distance: unknown;
  readonly origin: unknown;
  readonly weekend: unknown;
}

/** Good rows of `trips`. */
const rows = Array.from({ length: 200 }, (_, i): Row => ({
  left: `2001-01-${String(1 + (i % 28)).padStart(2, '0')} 10:00:00`,
  delay: (i * 7) % 40,
  distance: i * 3,
  origin: ['ORD', 'Zürich', 'O"Hare, IL', 'São Paulo'][i % 4],
  weekend: i % 2 === 0,
}));

const field = (value: unknown, delimiter: string): string => {
  const text = value === null ? '' : String(value);
  return text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const csv = (list: readonly Row[], delimiter = ',', header = names): string =>
  [header, ...list.map((row) => Object.values(row).map((value) => field(value, delimiter)))].map((line) => `${line.join(delimiter)}\n`).join('');
const jsonLines = (list: readonly object[]): string => list.map((row) => `${JSON.stringify(row)}\n`).join('');
const change = (edit: (row: Row, index: number) => object): Row[] => rows.map((row, index) => ({ ...row, ...edit(row, index) }));

/** Name of the file, its content, and every reason for which it is refused, in order; none where it passes. */
type Case = [what: string, file: string, content: string | Buffer, reasons?: readonly RegExp[], warnings?: readonly RegExp[]];

const good: readonly Case[] = [
  ['CSV', 'rows.csv', csv(rows)],
  ['CSV with a BOM', 'rows.csv', `\uFEFF${csv(rows)}`],
  ['CSV with CRLF', 'rows.csv', csv(rows).replaceAll('\n', '\r\n')],
  ['semicolons', 'rows.csv', csv(rows, ';')],
  ['tabs', 'rows.tsv', csv(rows, '\t')],
  ['bars', 'rows.txt', csv(rows, '|')],
  ['quoted line breaks', 'rows.csv', csv(change((row) => ({ origin: `${String(row.origin)}\n"x", y\r\n` })))],
  ['a name without an ending', 'rows', csv(rows)],
  ['no line break at the end', 'rows.csv', csv(rows).trimEnd()],
  ['gzip', 'rows.csv.gz', gzipSync(csv(rows))],
  ['gzip in two members', 'rows.csv.gz', Buffer.concat([gzipSync(csv(rows).slice(0, 3000)), gzipSync(csv(rows).slice(3000))])],
  ['gzip that is called CSV', 'rows.csv', gzipSync(csv(rows, ';'))],
  ['gzip with a BOM', 'rows.csv.gz', gzipSync(`\uFEFF${csv(rows)}`)],
  ['zstd', 'rows.csv.zst', zstdCompressSync(csv(rows))],
  ['JSON lines', 'rows.jsonl', jsonLines(rows)],
  ['JSON lines that are called CSV', 'rows.csv', jsonLines(rows)],
  ['JSON lines with a BOM, CRLF and empty lines', 'rows.jsonl', `\uFEFF${jsonLines(rows).replaceAll('\n', '\r\n\r\n')}`],
  ['JSON lines in gzip', 'rows.jsonl.gz', gzipSync(jsonLines(rows))],
  ['JSON lines in zstd', 'rows.ndjson.zst', zstdCompressSync(jsonLines(rows))],
  ['keys in another order, nulls and left-out keys', 'rows.jsonl', jsonLines(rows.map((row, i) => (i < 10 ? { weekend: null, left: row.left, delay: row.delay, distance: row.distance, origin: null } : i < 15 ? { weekend: true, delay: 1, left: row.left, origin: row.origin } : { distance: row.distance, weekend: row.weekend, origin: row.origin, delay: row.delay, left: row.left })))],
  ['Latin-1', 'rows.csv', Buffer.from(csv(rows), 'latin1'), [], [/^The file is not UTF-8; it was read as Latin-1\./]],
  ['Windows-1252', 'rows.csv', Buffer.from(csv(change((row) => ({ origin: `${String(row.origin)}EURO` }))).replaceAll('EURO', '\x80'), 'latin1'), [], [/it was read as Windows-1252\./]],
  ['Latin-1 in gzip', 'rows.csv.gz', gzipSync(Buffer.from(csv(rows), 'latin1')), [], [/read as Latin-1/]],
  ['JSON lines in Latin-1', 'rows.jsonl', Buffer.from(jsonLines(rows), 'latin1'), [], [/read as Latin-1/]],
  ['an extra column', 'rows.csv', csv(rows.map((row) => ({ ...row, note: 'x' })), ',', [...names, 'note']), [], [/^'note': the column is not declared/]],
];

const truncated = gzipSync(csv(rows));
const utf8WithBreak = Buffer.from(csv(rows));
utf8WithBreak[utf8WithBreak.indexOf('ü') + 1] = 0x2c; // half of a letter, then a delimiter

const bad: readonly Case[] = [
  ['nothing', 'rows.csv', '', [/^The file is empty \(0 bytes\)/]],
  ['nothing, in gzip', 'rows.csv.gz', gzipSync(''), [/^The file is empty when it is unpacked \(gzip\)/]],
  ['a header alone', 'rows.csv', csv([]), [/^The file has 0 rows, expected at least 100/]],
  ['an empty first line', 'rows.csv', `\n${csv(rows)}`, [/begins with an empty line/]],
  ['50 rows', 'rows.csv', csv(rows.slice(0, 50)), [/^The file has 50 rows, expected at least 100/]],
  ['a delimiter that is none', 'rows.csv', csv(change(() => ({ origin: 'ORD' })), '~'), names.map((name) => new RegExp(`^'${name}': the column is missing.*one column alone, .*is its delimiter one of`))],
  ['truncated gzip', 'rows.csv.gz', truncated.subarray(0, truncated.length - 200), [/^The gzip-compressed file ends early, it is truncated/]],
  ['gzip without its last byte', 'rows.csv.gz', truncated.subarray(0, truncated.length - 1), [/ends early, it is truncated/]],
  ['gzip with a wrong byte', 'rows.csv.gz', Buffer.from(truncated).fill(0x55, 400, 410), [/^The gzip-compressed file cannot be unpacked/]],
  ['truncated zstd', 'rows.csv.zst', zstdCompressSync(csv(rows)).subarray(0, 300), [/^The zstd-compressed file ends early/]],
  ['gzip that unpacks to more than allowed', 'rows.csv.gz', gzipSync(csv(rows) + ' '.repeat(limits.maximumBytes)), [/^The file has more than 10,000,000 bytes when it is unpacked/]],
  ['Parquet in gzip', 'rows.parquet.gz', gzipSync('PAR1xxxxxxxxPAR1'), [/^The file is gzip-compressed Parquet/]],
  ['a workbook', 'rows.csv', Buffer.from('PK\x03\x04rest'), [/begins like a zip archive or an Excel workbook/]],
  ['a tar archive in gzip', 'rows.csv.gz', gzipSync(`rows.csv${'\0'.repeat(249)}ustar  `), [/begins like a tar archive/]],
  ['a pickle', 'rows.csv', Buffer.from([0x80, 4, 0x95, 1]), [/a Python pickle: write it as Parquet/]],
  ['an error page', 'rows.csv', '<!DOCTYPE html><html>404</html>', [/a web page or XML/]],
  ['UTF-16', 'rows.csv', Buffer.from(`\uFEFF${csv(rows)}`, 'utf16le'), [/UTF-16 text: save it as UTF-8/]],
  ['UTF-16 without a BOM', 'rows.csv', Buffer.from(csv(rows), 'utf16le'), [/holds NUL bytes/]],
  ['NUL bytes far behind the header', 'rows.csv', `${csv(rows)}${'\0'.repeat(100)}`, [/holds NUL bytes/]],
  ['no encoding at all', 'rows.csv', Buffer.from(csv(rows).replaceAll('ü', '\x81'), 'latin1'), [/neither UTF-8 nor Latin-1/]],
  ['UTF-8 with a broken letter', 'rows.csv', utf8WithBreak, [/^1 row is malformed: line 3: /]],
  ['a JSON list', 'rows.json', JSON.stringify(rows), [/^The file is one JSON list, expected JSON lines.*jq -c/]],
  ['JSON over several lines', 'rows.json', JSON.stringify(rows[0], null, 2), [/^The file is JSON over several lines/]],
  ['JSON lines that are none', 'rows.jsonl', 'a\nb\n', [/^The file holds no JSON object with a key: it begins with "a"/]],
  ['JSON lines of empty objects', 'rows.jsonl', '{}\n{}\n', [/holds no JSON object with a key/]],
  ['broken and foreign JSON lines', 'rows.jsonl', `${jsonLines(rows)}{"left": \n[1, 2]\n"x"\n`, [/^3 of 203 lines are no JSON objects, such as "/]],
  ['a control character in JSON', 'rows.jsonl', `${jsonLines(rows)}{"left": "\u0001"}\n`, [/^1 row is malformed: line 201/]],
  ['nested JSON values', 'rows.jsonl', jsonLines(change((row, i) => ({ origin: i < 2 ? { iata: 'ORD' } : i < 3 ? ['ORD'] : row.origin }))), [/^'origin': 3 of 200 values are a list or an object/]],
  ['mixed types in JSON', 'rows.jsonl', jsonLines(change((row, i) => ({ distance: i % 2 === 0 ? 'far' : row.distance, weekend: i === 0 ? 'maybe' : row.weekend }))),
    [/^'distance': 100 of 200 .* not of type integer, such as "far"/, /^'weekend': 1 of 200 .* not of type boolean, such as "maybe"/]],
  ['mixed types in CSV', 'rows.csv', csv(change((_, i) => ({ delay: i < 5 ? 'late' : i, left: i < 3 ? 'noon' : '2001-01-01 10:00' }))),
    [/^'left': 3 of 200 .* not of type timestamp.*"noon"/, /^'delay': 5 of 200 .* not of type number, such as "late"/]],
  ['infinite values', 'rows.csv', csv(change((_, i) => ({ delay: i === 0 ? 'inf' : i === 1 ? '-Infinity' : i === 2 ? '1e300' : i }))), [/^'delay': 3 of 200 .* outside the declared range.*finite/]],
  ['a missing column', 'rows.csv', csv(rows, ',', ['left', 'delay', 'miles', 'origin', 'weekend']), [/^'distance': the column is missing.*in the file: 'miles'/]],
  ['a column twice', 'rows.csv', csv(rows, ',', ['left', 'delay', 'distance', 'origin', 'origin']), [/^'origin': 2 columns of the file are called so/, /^'weekend': the column is missing.*'origin_2'/]],
  ['a column of nulls', 'rows.csv', csv(change(() => ({ origin: null }))), [/^'origin': 200 of 200 \(100 %\) of the values are missing/]],
  ['a constant label', 'rows.csv', csv(change(() => ({ delay: 1 }))), [/^'delay': the label is constant/]],
  ['duplicates', 'rows.csv', csv(rows.map((_, i) => rows[i % 80]!)), [/^60 % of the rows repeat another one/]],
  ['rows of other lengths', 'rows.csv', `${csv(rows)}2001-01-01 10:00:00,1\n1,2,3,4,5,6,7\n`, [/^2 rows are malformed: line 202: .*; line 203/]],
  ['a quote that is not closed', 'rows.csv', `${csv(rows)}2001-01-01 10:00:00,1,2,"ORD,true\n`, [/malformed/]],
  ['a million columns', 'rows.csv', `${Array.from({ length: 1_000_000 }, (_, i) => i).join(',')}\n1\n`, [/header does not end within 1048576 bytes: .*far too many columns/]],
  ['ten thousand columns', 'rows.csv', `${Array.from({ length: 10_000 }, (_, i) => i).join(',')}\n1\n`, [/^The file has 10,000 columns, expected at most 5,000/]],
  ['several faults at once', 'rows.csv', Buffer.from(csv(change((_, i) => ({ distance: -1, origin: i < 50 ? null : 'Zürich' })).slice(0, 90)), 'latin1'),
    [/^'distance': 90 of 90 .* outside the declared range/, /^'origin': 50 of 90 .* missing/, /^The file has 90 rows/], [/read as Latin-1/]],
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'slipway-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function validate(name: string, content: string | Buffer): Promise<ValidationReport> {
  const place = path.join(folder, name);
  await writeFile(place, content);
  return validateDataset({ file: place, schema: trips, ...limits, memoryMb: 200, threads: 1 });
}

function expectAll(found: readonly string[], expected: readonly RegExp[]): void {
  expect(found, found.join('\n')).toHaveLength(expected.length);
  expected.forEach((pattern, index) => { expect(found[index]).toMatch(pattern); });
}

describe('passes, every row read:', () => {
  it.each<Case>(good)('%s', async (what, name, content, reasons = [], warnings = []) => {
    const report = await validate(name, content);
    expectAll(report.reasons, reasons);
    expectAll(report.warnings, warnings);
    expect(report).toMatchObject({ passed: true, rows: 200 });
    expect(report.columns.map((column) => column.name)).toEqual(names);
    const origins = report.statistics.features.find((feature) => feature.name === 'origin')?.string_statistics?.distribution.categorical.buckets.map(({ value }) => value);
    if (what !== 'quoted line breaks') expect(origins?.some((value) => /^Zürich€?$/.test(value))).toBe(true);
  });
});

describe('is refused, with every reason:', () => {
  it.each<Case>(bad)('%s', async (_, name, content, reasons = [], warnings = undefined) => {
    const report = await validate(name, content);
    expect(report.passed).toBe(false);
    expectAll(report.reasons, reasons);
    if (warnings !== undefined) expectAll(report.warnings, warnings);
    expect(report.violations.violations).toHaveLength(report.reasons.length + report.warnings.length);
    expect(report.reasons.join(' ')).not.toContain(folder);
  });
});

it('has the same statistics in every format, and is prepared to the same rows', async () => {
  await withFolder(async (place) => {
    const parquet = await writeParquet(path.join(place, 'rows.parquet'), tripsSql(600));
    await query(`COPY (FROM '${parquet}') TO '${place}/rows.jsonl' (FORMAT json)`);
    await query(`COPY (FROM '${parquet}') TO '${place}/rows.csv.gz' (FORMAT csv, DELIMITER ';')`);
    const prepared: unknown[] = [];
    for (const name of ['rows.parquet', 'rows.jsonl', 'rows.csv.gz']) {
      const file = path.join(place, name);
      const report = await validateDataset({ file, schema: trips, ...limits, memoryMb: 200, threads: 1 });
      const outDir = path.join(place, `${name}.out`);
      await prepareDataset({ file, schema: trips, features: tripFeatures, split: Split.byRowHash().toJSON(), outDir, memoryMb: 200, threads: 1 });
      prepared.push([report.statistics, await query(`SELECT * FROM '${outDir}/train/data.parquet' ORDER BY ALL`)]);
    }
    expect(prepared[1]).toEqual(prepared[0]);
    expect(prepared[2]).toEqual(prepared[0]);
  });
});
