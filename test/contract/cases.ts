import { gzipSync } from 'node:zlib';
import { versionHeader } from '../../model/serving/http/version-names.ts';
import type { ContractRequest } from './target.ts';

/** A request, and what the contract says of its answer beside its being the same everywhere. */
export interface Case {
  readonly title: string;
  readonly request: ContractRequest;
  readonly status: number;
  /** What the answer must name, where it refuses. */
  readonly names?: string;
  /** Its bytes are no text. @default false */
  readonly isNoText?: boolean;
}

/** A request to be sent. */
export function request(method: string, path: string, body: string | Buffer | object = '', headers: Readonly<Record<string, string>> = {}): ContractRequest {
  const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(isJson ? JSON.stringify(body) : body);
  return { method, path, headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers }, body: bytes };
}

const ok = (title: string, sent: ContractRequest): Case => ({ title, request: sent, status: 200 });

export const columnNames = ['start', 'distance', 'passengers', 'weekend', 'station', 'note'] as const;

/** A row by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows with every kind of value, some missing. */
export const rows: readonly Row[] = Array.from({ length: 40 }, (_, row): Row => ({
  start: `2026-0${String(1 + (row % 9))}-1${String(row % 9)}T${String((row * 5) % 24).padStart(2, '0')}:30:00`,
  ...(row % 5 === 0 ? {} : { distance: (row * 7.3) % 61 }),
  ...(row % 6 === 0 ? { passengers: null } : { passengers: 1 + (row % 9) }),
  ...(row % 4 === 0 ? {} : { weekend: row % 3 === 0 }),
  ...(row % 7 === 0 ? {} : { station: ['north', 'south', 'east, "old"', 'west'][row % 4] }),
  ...(row % 3 === 0 ? {} : { note: ['', 'straße', '"quoted", with\nlines', '🚲', 'x'.repeat(300)][row % 5] }),
}));

export const list = (row: Row): unknown[] => columnNames.map((name) => row[name] ?? null);

const cell = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  const text = String(value);
  return text === '' || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const csvOf = (several: readonly Row[], end = '\n'): string => several.map((row) => `${columnNames.map((name) => cell(row[name])).join(',')}${end}`).join('');
export const jsonLinesOf = (several: readonly Row[]): string => several.map((row, index) => `${JSON.stringify(index % 2 === 0 ? row : list(row))}\n`).join('');

/** A .npy file. */
export function npyOf(descr: string, shape: readonly number[], data: Buffer, order = 'False'): Buffer {
  const head = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = Math.ceil((11 + head.length) / 64) * 64 - 10;
  const prefix = Buffer.from('\x93NUMPY\x01\x00\0\0', 'latin1');
  prefix.writeUInt16LE(length, 8);
  return Buffer.concat([prefix, Buffer.from(`${head.padEnd(length - 1)}\n`), data]);
}

/** Rows as an array of texts, as `np.array(rows, dtype=str)` has them. */
export function textNpyOf(several: readonly Row[]): Buffer {
  const cells = several.flatMap((row) => columnNames.map((name) => String(row[name] ?? '')));
  const width = Math.max(...cells.map((text) => [...text].length));
  const data = Buffer.alloc(cells.length * width * 4);
  cells.forEach((text, index) => [...text].forEach((character, at) => data.writeUInt32LE(character.codePointAt(0)!, (index * width + at) * 4)));
  return npyOf(`'<U${String(width)}'`, [several.length, columnNames.length], data);
}

const json = { 'content-type': 'application/json' };
const types = { csv: 'text/csv', lines: 'application/jsonlines', npy: 'application/x-npy', octets: 'application/octet-stream', json: 'application/json' } as const;

/** Requests that are as they should be, by what they show. */
export const goodCases: Readonly<Record<string, readonly Case[]>> = {
  'health and information': [
    ok('health', request('GET', '/health')),
    ok('a slash at the end', request('GET', '/health/')),
    ok('SageMaker asks whether it lives', request('GET', '/ping')),
    ok('what the model is', request('GET', '/model/info')),
    ok('HEAD', request('HEAD', '/health')),
    ok('the OpenAPI document', request('GET', '/openapi.json')),
    ok('the page', request('GET', '/docs', '', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })),
  ],
  'one row': [
    ...rows.map((row, index) => ok(`row ${String(index)}`, request('POST', '/predict', { input: index % 2 === 0 ? row : list(row) }))),
    ok('a charset', request('POST', '/predict', JSON.stringify({ input: rows[1] }), { 'content-type': 'Application/JSON; charset="UTF-8"' })),
    ok('no content type', request('POST', '/predict', JSON.stringify({ input: rows[1] }))),
    ok('space around it', request('POST', '/predict', ` \r\n\t${JSON.stringify({ input: rows[1] }, null, 2)}\n`, json)),
    ok('escapes', request('POST', '/predict', '{"input":{"start":"2026-03-07T14:05:00","st\\u0061tion":"\\u006eorth","note":"\\ud83d\\ude00 \\\\ \\" : { ["}}', json)),
    ok('gzip', request('POST', '/predict', gzipSync(JSON.stringify({ input: rows[3] })), { ...json, 'content-encoding': 'gzip' })),
    ok('unknown headers', request('POST', '/predict', { input: rows[2] }, { 'x-something': 'else', 'x-amzn-sagemaker-session-id': 's' })),
  ],
  'a batch': [
    ok('all rows', request('POST', '/predict/batch', { inputs: rows })),
    ok('as many as there may be', request('POST', '/predict/batch', { inputs: Array.from({ length: 100 }, (_, index) => list(rows[index % rows.length]!)) })),
    ok('one', request('POST', '/predict/batch', { inputs: [rows[4]] })),
  ],
  formats: [
    ...[types.csv, types.lines, types.npy, types.octets, types.json, 'text/*', 'text/html, application/xml;q=0.9, */*;q=0.1', 'application/json;q=0.5, text/csv'].map((accept) =>
      ok(`a batch of JSON answered as ${accept}`, request('POST', '/predict/batch', { inputs: rows }, { accept }))),
    ok('one row of CSV', request('POST', '/predict', csvOf(rows.slice(5, 6)), { 'content-type': types.csv })),
    ok('CSV with CRLF and no end', request('POST', '/predict/batch', csvOf(rows, '\r\n').trimEnd(), { 'content-type': 'text/csv; charset=utf-8' })),
    ok('JSON lines', request('POST', '/predict/batch', jsonLinesOf(rows).trimEnd(), { 'content-type': types.lines })),
    ok('texts of NumPy', request('POST', '/predict/batch', textNpyOf(rows.slice(1, 4).map(({ note: _, ...row }) => row)), { 'content-type': types.npy })),
  ],
  SageMaker: [
    ...rows.map((row, index) => ok(`row ${String(index)}`, request('POST', '/invocations', { instances: [row] }))),
    ok('JSON', request('POST', '/invocations', { instances: rows })),
    ok('CSV', request('POST', '/invocations', csvOf(rows), { 'content-type': types.csv })),
    ok('CSV answered as JSON', request('POST', '/invocations', csvOf(rows), { 'content-type': types.csv, accept: types.json })),
    ok('JSON lines', request('POST', '/invocations', jsonLinesOf(rows), { 'content-type': types.lines })),
    ok('JSON lines answered as CSV', request('POST', '/invocations', jsonLinesOf(rows), { 'content-type': types.lines, accept: types.csv })),
    ok('NumPy', request('POST', '/invocations', textNpyOf(rows.map(({ note: _, ...row }) => row)), { 'content-type': types.npy })),
    ok('CSV answered as NumPy', request('POST', '/invocations', csvOf(rows), { 'content-type': types.csv, accept: types.npy })),
    ok('CSV answered as bytes', request('POST', '/invocations', csvOf(rows), { 'content-type': types.csv, accept: types.octets })),
    ok('anything', request('POST', '/invocations', csvOf(rows), { 'content-type': types.csv, accept: '*/*' })),
    ok('custom attributes', request('POST', '/invocations', { instances: rows.slice(0, 2) }, { 'x-amzn-sagemaker-custom-attributes': 'trace=1-67891233', 'x-amzn-sagemaker-inference-id': 'i' })),
    ok('custom attributes that fill the header', request('POST', '/invocations', { instances: rows.slice(0, 2) }, { 'x-amzn-sagemaker-custom-attributes': 'x'.repeat(1020) })),
  ],
};

/** Requests for a version. @param version the one that is live */
export const versionCases = (version: string): readonly Case[] => [
  ok('in the body', request('POST', '/predict', { input: rows[1], model_version: version })),
  ok('as a number', request('POST', '/predict', { input: rows[1], model_version: Number(version) })),
  ok('in the header', request('POST', '/predict/batch', { inputs: rows.slice(0, 3) }, { [versionHeader]: version })),
  ok('in the query', request('POST', `/predict?model_version=${version}`, { input: rows[1] })),
  ok('everywhere', request('POST', `/predict?a=b&model_version=${version}`, { input: rows[1], model_version: version }, { [versionHeader]: version })),
  ok('of the information', request('GET', `/model/info?model_version=${version}`)),
  { ...ok('one that is not live', request('POST', '/predict', { input: rows[1], model_version: '99' })), status: 404, names: version },
  { ...ok('one that is not live, in the query', request('GET', '/model/info?model_version=99')), status: 404, names: version },
  { ...ok('two at once', request('POST', '/predict?model_version=98', { input: rows[1], model_version: '99' })), status: 400, names: 'model_version' },
];
