import { deflateSync, gzipSync } from 'node:zlib';
import type { BadRequest } from '../bad-requests.ts';
import { request } from '../cases.ts';
import { envelope, goodRow, rawJson } from './envelopes.ts';

const json = { 'content-type': 'application/json' };
const tokens = ['NaN', 'Infinity', '-Infinity', 'undefined', 'None', 'True', '01', '+1', '.5', '1.', '0x10', "'north'", '1e', '-', '1_000', 'nan', '12abc', '\\u0031'];
const huge = ['1e400', '-1e400', '1e309', '1e39', '-3.5e38', `1${'0'.repeat(400)}`, `-${'9'.repeat(320)}.5`];

/** What is wrong with the bytes of a body. */
export const badBodies: Readonly<Record<string, BadRequest>> = {
  'a token that is no JSON': (random) => {
    const column = random.of(['distance', 'passengers', 'station']);
    const { sent, around } = rawJson(random, column, random.of(tokens));
    // A list of rows is told of from its field on.
    return { request: sent, status: 400, names: around.field === 'input' ? `input.${column}` : around.column(column) };
  },
  'a number that no float holds': (random) => {
    const { sent, around } = rawJson(random, 'distance', random.of(huge));
    return { request: sent, status: 400, names: around.column('distance') };
  },
  'half of a surrogate pair': (random) => {
    const { sent, around } = rawJson(random, 'note', random.of(['"\\ud800"', '"x\\udfffy"', '"\\udc00\\ud800"', '"\\ud83d"']));
    return { request: sent, status: 400, names: around.column('note') };
  },
  'a key with half of a surrogate pair': (random) => {
    const { sent, around } = rawJson(random, 'note', '"x","\\ud800":1');
    return { request: sent, status: 400, names: around.column('') };
  },
  'a key given twice': (random) => {
    const column = random.of(['distance', 'weekend', 'station']);
    const { sent, around } = rawJson(random, column, `null,"${column}":null`);
    return { request: sent, status: 400, names: around.field === 'input' ? `input.${column}` : around.column(column) };
  },
  'a key given twice, once by an escape': (random) => {
    const { sent } = rawJson(random, 'distance', 'null,"\\u0064istance":1');
    return { request: sent, status: 400, names: 'distance' };
  },
  'a key of the prototype': (random) => {
    const key = random.of(['__proto__', 'constructor', 'prototype', '__defineGetter__']);
    const { sent, around } = rawJson(random, 'note', `"x","${key}":${random.of(['{"distance":1}', '1', 'null', '{"prototype":{"admin":true}}'])}`);
    return { request: sent, status: 400, names: around.column(key) };
  },
  'deep nesting': (random) => {
    const depth = random.of([17, 100, 5000, 100_000]);
    const [open, close] = random.of([['[', ']'], ['{"a":', '}']] as const);
    const { sent } = rawJson(random, random.of(['distance', 'note', 'start']), `${open.repeat(depth)}1${close.repeat(depth)}`);
    return { request: sent, status: 400, names: 'nested' };
  },
  'deep nesting that does not end': (random) => ({ request: request('POST', envelope(random).path, random.of(['[', '{"a":', '[{"":']).repeat(20_000), json), status: 400, names: 'nested' }),
  'a body that is cut off': (random) => {
    const around = envelope(random);
    const text = JSON.stringify(around.body(goodRow(random)));
    return { request: request('POST', around.path, text.slice(0, 1 + random.below(text.length - 1)), json), status: 400, names: 'field' };
  },
  'more behind the body': (random) => {
    const around = envelope(random);
    return { request: request('POST', around.path, `${JSON.stringify(around.body(goodRow(random)))}${random.of([',', '}', '{}', 'x', ';', '\0'])}`, json), status: 400, names: 'body' };
  },
  'an empty body': (random) => ({ request: request('POST', envelope(random).path, random.of(['', ' ', '\n\n']), json), status: 400, names: 'body' }),
  'no object': (random) => ({ request: request('POST', envelope(random).path, random.of(['null', '1', '"input"', '[]', '[{"input":{}}]', 'true']), json), status: 400, names: 'body' }),
  'another field': (random) => {
    const around = envelope(random);
    const [value] = Object.values(around.body(goodRow(random)));
    const name = random.of(['Input', 'rows', 'data', 'constructor', 'inputss']);
    return { request: request('POST', around.path, { [name]: value }), status: 400, names: name };
  },
  'a field beside it': (random) => {
    const around = envelope(random);
    const name = random.of(['modelVersion', 'constructor', 'toString', 'parameters']);
    return { request: request('POST', around.path, { ...around.body(goodRow(random)), [name]: 1 }), status: 400, names: name };
  },
  'no UTF-8': (random) => {
    const around = envelope(random);
    const body = Buffer.from(JSON.stringify(around.body({ ...goodRow(random), note: 'MARK' })));
    random.of([[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8], [0xc0, 0x80]]).forEach((byte, index) => (body[body.indexOf('MARK') + index] = byte));
    return { request: request('POST', around.path, body, json), status: 400, names: 'UTF-8', isNoText: true };
  },
  'another encoding': (random) => {
    const around = envelope(random);
    const text = JSON.stringify(around.body(goodRow(random)));
    const [charset, body] = random.of([['utf-16', Buffer.from(`\ufeff${text}`, 'utf16le')], ['utf-16le', Buffer.from(text, 'utf16le')], ['iso-8859-1', Buffer.from(text, 'latin1')]] as const);
    return { request: request('POST', around.path, body, { 'content-type': `application/json; charset=${charset}` }), status: 415, names: charset, isNoText: true };
  },
  'a byte order mark': (random) => {
    const around = envelope(random);
    return { request: request('POST', around.path, `\ufeff${JSON.stringify(around.body(goodRow(random)))}`, json), status: 400, names: 'byte order mark' };
  },
  'a content encoding that is not read': (random) => {
    const around = envelope(random);
    const encoding = random.of(['deflate', 'br', 'zstd', 'compress', 'gzip, gzip', 'constructor']);
    return { request: request('POST', around.path, deflateSync(JSON.stringify(around.body(goodRow(random)))), { ...json, 'content-encoding': encoding }), status: 415, names: 'Content-Encoding', isNoText: true };
  },
  'gzip that is none, or is cut off': (random) => {
    const around = envelope(random);
    const body = gzipSync(JSON.stringify(around.body(goodRow(random))));
    return { request: request('POST', around.path, random.of([body.subarray(0, body.length - 5), Buffer.from('{"input":{}}'), Buffer.alloc(0)]), { ...json, 'content-encoding': 'gzip' }), status: 400, names: 'gzip', isNoText: true };
  },
  'gzip of too much': (random) => ({ request: request('POST', envelope(random).path, bomb, { ...json, 'content-encoding': 'gzip' }), status: 413, names: 'body', isNoText: true }),
};

const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
