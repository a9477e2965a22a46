import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentValue } from '../../../model/xgboost/document.ts';
import { ModelFormatError } from '../../../model/xgboost/errors.ts';
import { formatFloat } from '../../../model/xgboost/json.ts';
import { decodeUbjson, encodeUbjson } from '../../../model/xgboost/ubjson.ts';

const bytesOf = (...parts: (string | number)[]) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))));

describe('UBJSON', () => {
  it('reads back what it writes', () => {
    const leaf = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
      fc.float32Array(),
      fc.float64Array(),
      fc.int32Array(),
      fc.int16Array(),
      fc.int8Array(),
      fc.uint8Array(),
      fc.bigInt64Array(),
    );
    const { value } = fc.letrec<{ value: DocumentValue }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value')).map((object) => ({ ...object }))),
    }));
    fc.assert(
      fc.property(value, (document) => {
        expect(decodeUbjson(encodeUbjson(document))).toEqual(document);
      }),
      { numRuns: 200 },
    );
  });

  it('writes any value across the end of its first buffer', () => {
    const first = 1 << 16;
    for (let length = first - 60; length <= first; length++) {
      const document = ['x'.repeat(length), 1, 300, 70_000, 2 ** 40, 0.5, 0.1, 'text', Float32Array.of(1, 2), { key: [true, null] }];
      expect(decodeUbjson(encodeUbjson(document)), `after ${String(length)} characters`).toEqual(document);
    }
  });

  it('reads the rest of the specification', () => {
    expect(decodeUbjson(bytesOf('[i', 1, 'NTFZ]'))).toEqual([1, true, false, null]);
    expect(decodeUbjson(bytesOf('{i', 1, 'aCx', 'U', 2, 'bcHi', 3, '1e3}'))).toEqual({ a: 'x', bc: 1000 });
    expect(decodeUbjson(bytesOf('{$U#i', 2, 'i', 1, 'a', 7, 'i', 1, 'b', 8))).toEqual({ a: 7, b: 8 });
    expect(decodeUbjson(bytesOf('{#i', 1, 'i', 1, 'aI', 1, 0))).toEqual({ a: 256 });
    expect(decodeUbjson(bytesOf('[$S#i', 2, 'i', 1, 'ai', 1, 'b'))).toEqual(['a', 'b']);
  });

  it.each([
    ['an empty file', bytesOf(), 'the end of the file (0 bytes)'],
    ['a length beyond the file', bytesOf('[$d#l', 0x7f, 0xff, 0xff, 0xff), '2147483647 elements of type d'],
    ['a negative length', bytesOf('Si', 0xff), 'the length -1'],
    ['an unknown marker', bytesOf('['.repeat(3), '?'), 'found "?", expected a UBJSON type marker'],
    ['more behind the value', bytesOf('TT'), 'found 1 more bytes, expected the end of the file'],
    ['a bomb of brackets', bytesOf('['.repeat(100_000)), 'more than 64 levels of nesting'],
    ['a bomb of nothings', bytesOf('[$Z#l', 0x7f, 0xff, 0xff, 0xff), 'expected a type that takes room'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeUbjson(bytes)).toThrow(ModelFormatError);
    expect(() => decodeUbjson(bytes)).toThrow(message);
  });

  it('keeps the keys that JavaScript treats specially', () => {
    const document = Object.fromEntries([['__proto__', 'x'], ['constructor', 'y']]);
    const read = decodeUbjson(encodeUbjson(document)) as Record<string, unknown>;
    expect(Object.entries(read)).toEqual([['__proto__', 'x'], ['constructor', 'y']]);
  });
});

describe('floats in JSON', () => {
  it('read back as the same float32', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (float) => {
        expect(Math.fround(Number(formatFloat(float)))).toBe(float);
      }),
      { numRuns: 2000 },
    );
  });

  it('are spelt as XGBoost spells them', () => {
    expect([0.3, 150, 0, -1, 1e-7, 16777216, Infinity, Number.NaN].map(formatFloat)).toEqual(['3E-1', '1.5E2', '0E0', '-1E0', '1E-7', '1.6777216E7', 'Infinity', 'NaN']);
  });
});
