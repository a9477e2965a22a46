import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../model/serving/answer.ts';
import type { ModelDescription } from '../../../../model/serving/description.ts';
import { RequestError } from '../../../../model/serving/errors.ts';
import { formatOf } from '../../../../model/serving/formats/formats.ts';
import { halfToNumber } from '../../../../model/serving/formats/half.ts';
import { parseRows } from '../../../../model/serving/request.ts';
import { servingSchema } from '../../../../model/serving/schema.ts';
import { Column, Dataset, Label } from '../../../../model/spec/dataset.ts';
import { askPython, describeWithOracle } from '../../../support/oracle.ts';

const dataset = new Dataset({ columns: [Column.number('a'), Column.integer('b', { nullable: false }), Column.boolean('c'), Column.number('y')], label: Label.number('y') }).toJSON();
const schema = servingSchema(dataset);
const rowsOf = (type: string, body: Buffer | string) => parseRows(formatOf(type).decode(Buffer.from(body as string), schema, 100), schema, 100, 'rows').map((row) => [...row]);
const regression = { task: 'regression' } as ModelDescription;
const several = { task: 'multiclass', classes: ['10', '9', 'a, "b"'] } as unknown as ModelDescription;
const values: Answer[] = [{ prediction: 1.5 }, { prediction: Math.fround(0.1) }];
// An object lists names that look like numbers in an order of its own.
const classes: Answer[] = [{ prediction: 'a, "b"', probabilities: { '10': 0.25, '9': 0.125, 'a, "b"': 0.625 } }];
const npy = 'application/x-npy';

describe('answers', () => {
  it('are lines of CSV: the prediction, then the probabilities in the order of the classes', () => {
    expect(formatOf('text/csv').encode(values, regression)).toBe(`1.5\n${String(Math.fround(0.1))}\n`);
    expect(formatOf('text/csv').encode(classes, several)).toBe('"a, ""b""",0.25,0.125,0.625\n');
  });

  it('are lines of JSON', () => {
    expect(formatOf('application/jsonlines').encode(values, regression)).toBe(`{"prediction":1.5}\n{"prediction":${String(Math.fround(0.1))}}\n`);
  });

  it('are float32 in bytes', () => {
    expect(formatOf('application/octet-stream').encode(classes, several)).toHaveLength(12);
    expect(Buffer.from(formatOf('application/octet-stream').encode(values, regression)).readFloatLE(4)).toBe(Math.fround(0.1));
  });
});

describe('rows', () => {
  it('of CSV: what is empty is missing, and booleans are written as many do', () => {
    expect(rowsOf('text/csv', '1.5,2,true\r\n,3,False\r\n"-1e2",+4,1\r\n5.,6,')).toEqual([[1.5, 2, 1], [Number.NaN, 3, 0], [-100, 4, 1], [5, 6, Number.NaN]]);
  });

  it('of bytes: NaN is missing, 0 and 1 are booleans', () => {
    const bytes = Buffer.from(Float32Array.of(1.5, 2, 1, Number.NaN, 3, Number.NaN).buffer);
    expect(rowsOf('application/octet-stream', bytes)).toEqual([[1.5, 2, 1], [Number.NaN, 3, Number.NaN]]);
    expect(() => rowsOf('application/octet-stream', Buffer.from(Float32Array.of(1, 2, 0.5).buffer))).toThrow("'rows[0].c' is the number 0.5, expected true or false");
    expect(() => rowsOf('application/octet-stream', Buffer.from(Float32Array.of(1, 2.5, 1).buffer))).toThrow(/'rows\[0\]\.b' is the number 2\.5/);
  });

  it('are refused before they fill the memory', () => {
    expect(() => formatOf('text/csv').decode(Buffer.from('\n'.repeat(5_000_000)), schema, 100)).toThrow(RequestError);
    expect(() => formatOf('application/jsonlines').decode(Buffer.from('1\n'.repeat(1_000_000)), schema, 100)).toThrow(/more than 100 rows/);
  });
});

it('float16 is read to the bit', () => {
  expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x3555].map(halfToNumber)).toEqual([1, -2, 65_504, 2 ** -24, -0, Infinity, -Infinity, 0.333251953125]);
  expect(halfToNumber(0x7e00)).toBeNaN();
});

describeWithOracle('xgboost', 'NumPy', () => {
  const encode = (answers: readonly Answer[], description: ModelDescription): string => Buffer.from(formatOf(npy).encode(answers, description)).toString('base64');
  const { answers, requests } = askPython(path.join(import.meta.dirname, 'oracle/arrays.py'), { answers: [encode(values, regression), encode(classes, several), encode([], several)] }) as { answers: unknown[]; requests: Record<string, string> };
  const all = [[1.5, 2, 1], [Number.NaN, 3, 0], [7.25, 9, 1]];
  const whole = [[1, 2, 1], [5, 3, 0]];
  const expected: Record<string, number[][]> = { fortran: all, 'one row': all.slice(0, 1), record: [[1.5, 2, 1], [7.25, 9, 0]], texts: [[1.5, 2, 1], [Number.NaN, 3, 0]], bytes: [[1.5, 2, 1]] };

  it('reads answers', () => {
    expect(answers).toEqual([['float32', [2], [1.5, Math.fround(0.1)]], ['float32', [1, 3], [0.25, 0.125, 0.625]], ['float32', [0, 3], []]]);
  });

  it.each(Object.keys(requests))('writes a request that is read: %s', (name) => {
    expect(rowsOf(npy, Buffer.from(requests[name]!, 'base64'))).toEqual(expected[name] ?? (name.startsWith('whole') ? whole : all));
  });
});
