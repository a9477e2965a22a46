import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeValue, RequestError } from '../../../model/serving/errors.ts';
import { parseRow, parseRows } from '../../../model/serving/request.ts';
import { servingSchema } from '../../../model/serving/schema.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';

const schema = servingSchema(
  new Dataset({
    columns: [
      Column.timestamp('left'),
      Column.number('delay'),
      Column.integer('distance', { minimum: 0, maximum: 5000, nullable: false }),
      Column.string('origin', { categories: ['ORD', 'ATL'] }),
      Column.boolean('weekend'),
      Column.number('__proto__'),
      Column.string('constructor'),
    ],
    label: Label.above('delay', 15, 'late'),
  }).toJSON(),
);

function refusal(parse: () => unknown): RequestError {
  try {
    parse();
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('The request was accepted.');
}

describe('parseRow', () => {
  it('takes an object and a list in schema order alike', () => {
    const object = JSON.parse('{"left": "2001-03-07T14:05:00", "distance": 300, "origin": "ORD", "weekend": false, "__proto__": 7, "constructor": "x"}') as unknown;
    const expected = [983973900, 300, 'ORD', 0, 7, 'x'];
    expect(parseRow(object, schema)).toEqual(expected);
    expect(parseRow(['2001-03-07 14:05:00.25', 300, 'ORD', false, 7, 'x'], schema)).toEqual(expected);
  });

  it('takes what is left out or null as missing, and never what an object inherits', () => {
    expect(parseRow({ distance: 1, origin: null }, schema)).toEqual([Number.NaN, 1, null, Number.NaN, Number.NaN, null]);
  });

  it.each([
    [{}, 'MissingField', 'distance', 'missing', 'a whole number between -9007199254740991 and 9007199254740991'],
    [{ distance: null }, 'MissingField', 'distance', 'null', 'a whole number between -9007199254740991 and 9007199254740991'],
    [{ distance: '300' }, 'WrongType', 'distance', 'the text "300"', 'a whole number between -9007199254740991 and 9007199254740991'],
    [{ distance: 1.5 }, 'WrongType', 'distance', 'the number 1.5', 'a whole number between -9007199254740991 and 9007199254740991'],
    [{ distance: -1 }, 'OutOfRange', 'distance', 'the number -1', 'between 0 and 5000'],
    [{ distance: 1, origin: 'XXX' }, 'OutOfRange', 'origin', 'the text "XXX"', 'one of ORD, ATL'],
    [{ distance: 1, origin: 5 }, 'WrongType', 'origin', 'the number 5', 'a text'],
    [{ distance: 1, weekend: 1 }, 'WrongType', 'weekend', 'the number 1', 'true or false'],
    [{ distance: 1, left: 1 }, 'WrongType', 'left', 'the number 1', 'a local time such as "2001-03-07T14:05:00"'],
    [{ distance: 1, left: '2001-02-30' }, 'WrongType', 'left', 'the text "2001-02-30"', 'a local time such as "2001-03-07T14:05:00"'],
    [{ distance: 1, left: '2001-03-07T14:05:00Z' }, 'WrongType', 'left', 'the text "2001-03-07T14:05:00Z"', 'a local time: leave out the zone'],
    [{ distance: 1, ['__proto__x']: 1 }, 'UnknownField', '__proto__x', 'unknown', 'one of left, distance, origin, weekend, __proto__, constructor'],
    [{ distance: 1, delay: 3 }, 'UnknownField', 'delay', 'given', 'left out: it is what the model predicts'],
  ])('names the field of %j', (input, code, field, found, expected) => {
    const error = refusal(() => parseRow(input, schema));
    expect(error.code).toBe(code);
    expect(error.details).toEqual([{ field, found, expected }]);
    expect(error.message).toBe(`'${field}' is ${found}, expected ${expected}`);
  });

  it('names every field that is wrong', () => {
    const error = refusal(() => parseRow({ distance: 'x', weekend: 'yes', more: 1 }, schema));
    expect(error.details.map((problem) => problem.field)).toEqual(['more', 'distance', 'weekend']);
  });

  it('refuses rows of another form', () => {
    for (const input of [undefined, null, 7, 'x', true, [], [1, 2]]) expect(refusal(() => parseRow(input, schema)).code).toBe('InvalidRow');
  });

  it('refuses numbers that float32 cannot hold', () => {
    const huge = JSON.parse('{"distance": 1, "__proto__": 1e400}') as unknown;
    expect(refusal(() => parseRow(huge, schema)).details[0]).toMatchObject({ field: '__proto__', found: 'the number Infinity' });
    expect(refusal(() => parseRow(JSON.parse('{"distance": 1, "__proto__": -1e39}'), schema)).code).toBe('OutOfRange');
  });

  it('accepts or refuses anything that JSON can say, and never breaks', () => {
    const field = fc.constantFrom('left', 'distance', 'origin', 'weekend', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'delay');
    const anything = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()), fc.array(fc.jsonValue(), { minLength: 6, maxLength: 6 }));
    fc.assert(
      fc.property(anything, (input) => {
        try {
          expect(Object.keys(parseRow(JSON.parse(JSON.stringify(input)), schema))).toHaveLength(schema.columns.length);
        } catch (error) {
          if (!(error instanceof RequestError)) throw error;
          expect(error.details.length).toBeGreaterThan(0);
          expect(error.message.length).toBeLessThan(10_000);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('shows neither depth nor length of what it refuses', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    expect(refusal(() => parseRow({ distance: deep }, schema)).details[0]!.found).toBe('a list of 1');
    expect(describeValue('x'.repeat(1e6)).length).toBeLessThan(60);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${'k'.repeat(200)}${String(index)}`, 1]));
    expect(refusal(() => parseRow(many, schema)).message.length).toBeLessThan(5000);
  });
});

describe('parseRows', () => {
  it('names the row of a wrong field', () => {
    const error = refusal(() => parseRows([{ distance: 1 }, { distance: 1, weekend: 'x' }], schema, 10));
    expect(error.details).toEqual([{ field: 'inputs[1].weekend', found: 'the text "x"', expected: 'true or false' }]);
  });

  it('bounds the rows', () => {
    expect(parseRows([{ distance: 1 }], schema, 1)).toHaveLength(1);
    expect(refusal(() => parseRows([], schema, 1)).code).toBe('InvalidRow');
    expect(refusal(() => parseRows({}, schema, 1)).code).toBe('InvalidRow');
    expect(refusal(() => parseRows([{}, {}], schema, 1))).toMatchObject({ code: 'TooManyRows', details: [{ field: 'inputs', found: 'a list of 2', expected: 'at most 1 rows' }] });
  });
});
