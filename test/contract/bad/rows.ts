import type { BadRequest } from '../bad-requests.ts';
import { columnNames, list, request } from '../cases.ts';
import { maximumRows } from '../target.ts';
import { envelope, goodRow } from './envelopes.ts';

/** Values that a column does not take. */
const wrong: Readonly<Record<(typeof columnNames)[number], readonly unknown[]>> = {
  start: [12, true, '', 'noon', '2026-02-30T00:00:00', '2026-03-07T25:00:00', '2026-03-07T14:05:00Z', '2026-03-07T14:05:00+01:00', [], {}, null],
  distance: ['12', '', true, [], [1], {}, { value: 1 }, 'NaN', '1e3'],
  passengers: ['3', 2.5, -0.5, true, [], {}, 1e16],
  weekend: [0, 1, 'true', '', [], {}],
  station: [1, false, ['north'], {}],
  note: [1, 0, true, [], ['x'], { text: 'x' }],
};

const outside: readonly (readonly [string, unknown])[] = [['distance', -1], ['distance', -1e-9], ['distance', 1e39], ['passengers', 0], ['passengers', 10], ['passengers', -3], ['station', 'North'], ['station', ''], ['station', 'north ']];

const strangers = ['speed', 'Distance', ' distance', 'delay', 'label', '', 'x'.repeat(500), 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'ünïcode', '__proto__x'];

/** What is wrong with a row. */
export const badRows: Readonly<Record<string, BadRequest>> = {
  'a value of a wrong type': (random) => {
    const around = envelope(random);
    const column = random.of(columnNames);
    return { request: request('POST', around.path, around.body({ ...goodRow(random), [column]: random.of(wrong[column]) })), status: 400, names: around.column(column) };
  },
  'a value of a wrong type in a list': (random) => {
    const around = envelope(random);
    const column = random.of(columnNames);
    const values = list(goodRow(random));
    values[columnNames.indexOf(column)] = random.of(wrong[column]);
    return { request: request('POST', around.path, around.body(values)), status: 400, names: around.column(column) };
  },
  'a value outside of its bounds': (random) => {
    const around = envelope(random);
    const [column, value] = random.of(outside);
    return { request: request('POST', around.path, around.body({ ...goodRow(random), [column]: value })), status: 400, names: around.column(column) };
  },
  'an unknown field': (random) => {
    const around = envelope(random);
    const name = random.of(strangers);
    return { request: request('POST', around.path, around.body({ ...goodRow(random), [name]: 1 })), status: 400, names: around.column(Buffer.from(name.slice(0, 60)).toString('latin1')) };
  },
  'a missing field': (random) => {
    const around = envelope(random);
    const { start: _, ...row } = goodRow(random);
    return { request: request('POST', around.path, around.body(row)), status: 400, names: around.column('start') };
  },
  'a list of a wrong length': (random) => {
    const around = envelope(random);
    const values = list(goodRow(random));
    return { request: request('POST', around.path, around.body(random.of([[], values.slice(1), [...values, 1], [values]]))), status: 400, names: around.row };
  },
  'no row': (random) => {
    const around = envelope(random);
    return { request: request('POST', around.path, around.body(random.of([null, 1, 'row', true, '']))), status: 400, names: around.row };
  },
  'several things at once': (random) => {
    const around = envelope(random);
    return { request: request('POST', around.path, around.body({ ...goodRow(random), distance: 'far', weekend: 1 })), status: 400, names: around.column('weekend') };
  },
  'too many rows': (random) => {
    const [path, field] = random.of([['/predict/batch', 'inputs'], ['/invocations', 'instances']] as const);
    const rows = Array.from({ length: maximumRows + 1 + random.below(50) }, () => goodRow(random));
    return { request: request('POST', path, { [field]: rows }), status: 413, names: field };
  },
  'no rows': (random) => {
    const [path, field] = random.of([['/predict/batch', 'inputs'], ['/invocations', 'instances']] as const);
    return { request: request('POST', path, { [field]: random.of([[], {}, null, 'rows', 7, { 0: {} }]) }), status: 400, names: field };
  },
};
