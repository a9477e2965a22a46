import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { prepareDataset } from '../../../model/data/prepare.ts';
import { validateDataset } from '../../../model/data/validate.ts';
import type { ValidationReport } from '../../../model/data/validation-report.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { Split } from '../../../model/spec/split.ts';
import { withFolder, writeParquet } from './files.ts';

/** Orders: a column of each type, with bounds and categories. */
const orders = new Dataset({
  columns: [
    Column.timestamp('placed'),
    Column.integer('items', { minimum: 0, maximum: 1000 }),
    Column.number('price', { minimum: 0 }),
    Column.string('channel', { categories: ['web', 'shop', 'phone, fax', 'line\nbreak', 'Büro'] }),
    Column.boolean('member'),
    Column.integer('returned'),
  ],
  label: Label.binary('returned'),
}).toJSON();
const features = [Feature.hourOfDay('placed'), Feature.numeric('items'), Feature.numeric('price'), Feature.category('channel'), Feature.numeric('member')].map((feature) => feature.toJSON());

interface Order {
  readonly placed: string;
  readonly items: string;
  readonly price: string;
  readonly channel: string;
  readonly member: string;
  readonly returned: string;
}
const names = ['placed', 'items', 'price', 'channel', 'member', 'returned'] as const;

/** Orders without a fault, all different; what is given is another. */
function rows(change: (order: Order, i: number) => Partial<Order> = () => ({}), count = 240): Order[] {
  return Array.from({ length: count }, (_, i) => {
    const order = {
      placed: `2026-03-${String(1 + (i % 28)).padStart(2, '0')}T${String((i * 7) % 24).padStart(2, '0')}:00:00`,
      items: String(i % 9), price: String((i * 37) % 1000 / 10), channel: i % 3 === 0 ? 'shop' : 'web', member: String(i % 2 === 0), returned: String(Number((i * 13) % 10 < 3)),
    };
    return { ...order, ...change(order, i) };
  });
}
const quote = (value: string): string => (/[",;\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const csv = (orders: readonly Order[], delimiter = ',', end = '\n'): string => [names.join(delimiter), ...orders.map((order) => names.map((name) => quote(order[name])).join(delimiter))].join(end) + end;
const json = (order: Order): string => JSON.stringify({ ...order, items: Number(order.items), price: Number(order.price), member: order.member === 'true', returned: Number(order.returned) });
const good = csv(rows());
const parquet = (select: string) => async (folder: string): Promise<Buffer> => readFile(await writeParquet(path.join(folder, 'made.parquet'), select));
/** The rows of `good` in Parquet, with some expressions replaced. */
const parquetOf = (replace = ''): string =>
  `SELECT * ${replace === '' ? '' : `REPLACE (${replace})`} FROM (SELECT TIMESTAMP '2026-03-01 05:00:00' + to_hours(i::INTEGER) AS placed, (i % 9)::INTEGER AS items, i * 37 % 1000 / 10.0::DOUBLE AS price,
    CASE WHEN i % 3 = 0 THEN 'shop' ELSE 'web' END AS channel, i % 2 = 0 AS member, (i * 13 % 10 < 3)::INTEGER AS returned FROM range(240) AS t(i))`;

type Content = string | Buffer | ((folder: string) => Promise<Buffer>);

async function validate(file: string, content: Content): Promise<{ report: ValidationReport; seconds: number; prepared?: number }> {
  return withFolder(async (folder) => {
    const place = path.join(folder, file);
    await writeFile(place, typeof content === 'function' ? await content(folder) : content);
    const startedAt = performance.now();
    const report = await validateDataset({ file: place, schema: orders, checks: resolveChecks([]), maximumBytes: 2e8, memoryMb: 256, threads: 1 });
    const seconds = (performance.now() - startedAt) / 1000;
    if (!report.passed) return { report, seconds };
    const { rows: parts, droppedRows } = await prepareDataset({ file: place, schema: orders, features, split: Split.byRowHash().toJSON(), outDir: path.join(folder, 'out'), memoryMb: 256, threads: 1 });
    return { report, seconds, prepared: parts.train + parts.validation + parts.test + droppedRows };
  });
}

type Refused = readonly [what: string, file: string, content: Content, ...reasons: RegExp[]];
type Taken = readonly [what: string, file: string, content: Content, warning?: RegExp, count?: number];

/** Each is refused, for these reasons and no others. */
const refused: readonly Refused[] = [
  ['an empty file', 'a.csv', '', /^The file is empty \(0 bytes\)/],
  ['a header alone', 'a.csv', csv([]), /^The file has 0 rows, expected at least 100\.$/],
  ['no header', 'a.csv', good.slice(good.indexOf('\n') + 1), ...names.map((name) => new RegExp(`^'${name}': the column is missing`))],
  ['a truncated gzip file', 'a.csv.gz', gzipSync(good).subarray(0, 900), /gzip-compressed file ends early, it is truncated/],
  ['a gzip file whose middle is broken', 'a.csv.gz', Buffer.from(gzipSync(good)).fill(0x5a, 400, 700), /gzip-compressed file cannot be unpacked/],
  ['a truncated Parquet file', 'a.parquet', async (folder) => (await parquet(parquetOf())(folder)).subarray(0, 2000), /Parquet file is truncated/],
  ['a zip archive that is called gzip', 'a.csv.gz', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200, 7)]), /begins like a zip archive/],
  ['text that is called Parquet', 'a.parquet', good, /no Parquet file: it begins with "plac"/],
  ['UTF-16', 'a.csv', Buffer.from(`\uFEFF${good}`, 'utf16le'), /UTF-16 text: save it as UTF-8/],
  ['UTF-16 without a byte order mark', 'a.csv', Buffer.from(good, 'utf16le'), /holds NUL bytes/],
  ['NUL bytes at the end of a copy that broke off', 'a.csv', Buffer.concat([Buffer.from(good), Buffer.alloc(64)]), /holds NUL bytes/],
  ['a delimiter that nobody knows', 'a.csv', csv(rows()).replaceAll(',', '^'), ...names.map((name) => new RegExp(`^'${name}': the column is missing.*(one column alone|$)`))],
  ['a quote that is never closed', 'a.csv', good.replace('\n2026-03-05', '\n"2026-03-05'), /^1 row is malformed: line 6: Value with unterminated quote found/, /^The file has 4 rows/],
  ['ragged rows', 'a.csv', good.replace(/\n(2026-03-07[^\n]*)/, '\n$1,1,2').replace(/\n2026-03-09T[^,]*,/, '\n'), /2 rows are malformed: line \d+/],
  ['two columns of one name', 'a.csv', good.replace('price', 'items'), /^'items': 2 columns of the file are called so, expected one\./, /^'price': the column is missing/],
  ['a column twice', 'a.csv', good.split('\n').map((line) => line.replace(/^([^,]+)(.*),(\w+)$/, '$1$2,$3,$3')).join('\n'), /^'returned': 2 columns of the file are called so, expected one\./],
  ['a missing column', 'a.csv', good.replace('channel', 'chanel'), /^'channel': the column is missing.*'chanel'/],
  ['mixed types', 'a.csv', csv(rows((_, i) => (i === 7 ? { items: '2.5', price: '12 EUR', member: 'perhaps' } : {}))), /^'items': 1 of 240 .* integer, such as "2\.5"/, /^'price': .*"12 EUR"/, /^'member': .*"perhaps"/],
  ['integers beyond 2^53', 'a.csv', csv(rows((_, i) => (i === 7 ? { items: '9007199254740993' } : {}))), /^'items': 1 of 240 .* not of type integer, such as "9007199254740993"/],
  ['infinite values and values beyond float32', 'a.csv', csv(rows((_, i) => (i < 2 ? { price: ['inf', '1e300'][i]! } : {}))), /^'price': 2 of 240 .* outside the declared range, .*finite and no larger than float32 holds/],
  ['negative values where 0 is the least', 'a.csv', csv(rows((_, i) => (i < 3 ? { items: '-1' } : {}))), /^'items': 3 of 240 .* outside the declared range, such as "-1"; expected at least 0, at most 1000/],
  ['an unknown category', 'a.csv', csv(rows((_, i) => (i < 3 ? { channel: 'fax' } : {}))), /^'channel': 3 of 240 .* none of the declared categories, such as "fax"; expected 'web', 'shop'/],
  ['timestamps with a zone', 'a.csv', csv(rows(({ placed }) => ({ placed: `${placed}+01:00` }))), /^'placed': 240 of 240 .* timestamp in local time without a zone, such as "2026-03-01T00:00:00\+01:00"/],
  ['an all-null column', 'a.csv', csv(rows(() => ({ price: '' }))), /^'price': 240 of 240 \(100 %\) of the values are missing, expected at most 10 %/],
  ['an all-null label', 'a.csv', csv(rows(() => ({ returned: '' }))), /^'returned': 240 of 240 .* are missing/, /^'returned': the label is unknown in 240 of 240/],
  ['a constant label, so one class', 'a.csv', csv(rows(() => ({ returned: '1' }))), /^'returned': the label is constant: 1 in all 240 rows.*cannot learn from one class/],
  ['a label of other values', 'a.csv', csv(rows((_, i) => (i < 5 ? { returned: '2' } : {}))), /^'returned': the label is neither 0 nor 1 in 5 of 240/],
  ['rows that mostly repeat others', 'a.csv', csv(Array.from({ length: 4 }, () => rows(undefined, 60)).flat()), /^75 % of the rows repeat another one/],
  ['50 rows', 'a.csv', csv(rows(undefined, 50)), /^The file has 50 rows, expected at least 100\.$/],
  ['JSON lines with broken lines', 'a.jsonl', rows().map((order, i) => (i % 100 === 3 ? '{"placed": ' : json(order))).join('\n'), /^3 of 240 lines are no JSON objects, such as "\{\\"placed\\": "/],
  ['nested JSON', 'a.jsonl', rows().map((order, i) => json(order).replace(/"channel":"\w+"/, i < 2 ? '"channel":{"name":"web"}' : '$&')).join('\n'), /^'channel': 2 of 240 values are a list or an object/, /^'channel': 2 of 240 .* none of the declared categories/],
  ['one JSON list', 'a.json', `[${rows().map(json).join(',\n')}]`, /one JSON list, expected JSON lines.*jq/],
  ['a page that says that access is denied', 'a.csv', '<!DOCTYPE html><html><body>403</body></html>', /a web page or XML/],
  ['Parquet with wrong types', 'a.parquet', parquet(parquetOf("'x' AS items, placed::TIMESTAMPTZ AS placed, [channel] AS channel")), /^'placed': 240 of 240 .*TIMESTAMP WITH TIME ZONE/, /^'items': 240 of 240 .* not of type integer, such as "x"/, /^'channel': 240 of 240 .*VARCHAR\[\]/],
  ['a million columns of CSV', 'a.csv', `${Array.from({ length: 1_000_000 }, (_, i) => `c${String(i)}`).join(',')}\n${'1,'.repeat(999_999)}1\n`, /CSV header does not end within 1048576 bytes.*far too many columns/],
  ['a million columns in one JSON object', 'a.jsonl', `{${Array.from({ length: 1_000_000 }, (_, i) => `"c${String(i)}":1`).join(',')}}\n`, /^Line 1 of the file is too long to be a row: it has far too many keys/],
  ['a hundred thousand keys, one a line', 'a.jsonl', Array.from({ length: 100_000 }, (_, i) => `{"c${String(i)}":1}`).join('\n'), /more than 5,000 columns, expected at most 5,000/],
  ['a million columns of Parquet', 'a.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(2 ** 26), Buffer.from([0, 0, 0, 4]), Buffer.from('PAR1')]), /footer of 67,108,864 bytes, expected at most 33,554,432: it has far too many columns/],
  ['six thousand columns of Parquet', 'a.parquet', parquet(`SELECT ${Array.from({ length: 6_000 }, (_, i) => `${String(i)} AS c${String(i)}`).join(', ')}`), /6,000 columns, expected at most 5,000/],
  ['several faults at once', 'a.csv', csv(rows((_, i) => ({ items: '-5', price: i % 4 === 0 ? '' : '1', channel: 'post', returned: '1' }), 40)),
    /^'items': 40 of 40 .* outside/, /^'price': 10 of 40 \(25 %\) .* missing/, /^'channel': 40 of 40 .* categories/, /^'returned': the label is constant/, /^The file has 40 rows/],
];

describe('is refused, with every reason and no other', () => {
  it.each(refused.map(([what, file, content, ...expected]) => ({ what, file, content, expected })))('$what', async ({ file, content, expected }) => {
    const { report, seconds } = await validate(file, content);
    expect(report.passed).toBe(false);
    expect(report.reasons).toEqual(expected.map((reason) => expect.stringMatching(reason) as string));
    // As many entries as reasons and warnings, each with what was found.
    expect(report.violations.violations).toHaveLength(report.reasons.length + report.warnings.length);
    expect(seconds).toBeLessThan(20);
  });
});

/** Each works: all rows are there afterwards. What is odd about it is a warning. */
const taken: readonly Taken[] = [
  ['a file without a fault', 'a.csv', good],
  ['a byte order mark', 'a.csv', `\uFEFF${good}`],
  ['CRLF', 'a.csv', csv(rows(), ',', '\r\n')],
  ['semicolons', 'a.csv', csv(rows(), ';')],
  ['tabs in a file that is called CSV', 'a.csv', csv(rows(), '\t')],
  ['quoted delimiters and line breaks', 'a.csv', csv(rows((_, i) => (i % 5 === 0 ? { channel: ['phone, fax', 'line\nbreak'][i % 2]! } : {})))],
  ['quotes around everything', 'a.csv', good.split('\n').map((line) => (line === '' ? '' : line.split(',').map((value) => `"${value}"`).join(','))).join('\n')],
  ['a last line without its end', 'a.csv', good.trimEnd()],
  ['Latin-1', 'a.csv', Buffer.from(csv(rows((_, i) => (i % 4 === 0 ? { channel: 'Büro' } : {}))), 'latin1'), /read as Latin-1/],
  ['UTF-8 with umlauts', 'a.csv', csv(rows((_, i) => (i % 4 === 0 ? { channel: 'Büro' } : {})))],
  ['gzip by another name', 'a.csv', gzipSync(good)],
  ['gzip in two members', 'a.csv.gz', Buffer.concat([gzipSync(good.slice(0, 2000)), gzipSync(good.slice(2000))])],
  ['an extra column', 'a.csv', good.split('\n').map((line, i) => (line === '' ? '' : `${line},${i === 0 ? 'note' : 'x'}`)).join('\n'), /^'note': the column is not declared and is not used/],
  ['columns in another order', 'a.jsonl', rows().map((order) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json(order)) as object).reverse()))).join('\n')],
  ['JSON lines with blank lines', 'a.jsonl', `\n${rows().map(json).join('\n\n')}\n\n`],
  ['a few missing values', 'a.csv', csv(rows((_, i) => (i % 20 === 0 ? { price: '', returned: i % 40 === 0 ? '' : '1' } : {})))],
  ['NaN as a missing value', 'a.csv', csv(rows((_, i) => (i % 20 === 0 ? { price: 'NaN' } : {})))],
  ['Parquet', 'a.parquet', parquet(parquetOf())],
  ['Parquet with other widths of the same types', 'a.parquet', parquet(parquetOf('items::UTINYINT AS items, price::FLOAT AS price, placed::DATE AS placed, member::INTEGER AS member, returned::DOUBLE AS returned'))],
  ['Parquet whose name says nothing', 'data', parquet(parquetOf())],
  ['names with spaces, + and umlauts', 'märz + 2026 (1).csv', good],
  ['dates without a time', 'a.csv', csv(rows(({ placed }) => ({ placed: placed.slice(0, 10) })))],
  ['a column that nearly tells the label', 'a.csv', csv(rows(({ returned }) => ({ price: returned === '1' ? '900' : '10' }))), /^'price': the column alone nearly tells the label: AUC 1/],
  ['a rare class', 'a.csv', csv(rows((_, i) => ({ returned: i < 3 ? '1' : '0' }))), /^'returned': 1 of 2 classes has fewer than 5 rows: '1' \(3\)/],
  ['some rows that repeat others', 'a.csv', csv([...rows(), ...rows(undefined, 60)]), /^20 % of the rows repeat another one/, 300],
];

describe('works', () => {
  it.each(taken.map(([what, file, content, warning, count = 240]) => ({ what, file, content, warning, count })))('$what', async ({ file, content, warning, count }) => {
    const { report, prepared } = await validate(file, content);
    expect(report.reasons).toEqual([]);
    expect(report.warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
    expect(report.rows).toBe(count);
    expect(prepared).toBe(count);
  });
});
