import { describe, expect, it } from 'vitest';
import { evaluatePath } from '../../../local/states/jsonpath.ts';
import { parsePath } from '../../../local/states/jsonpath-parse.ts';
import { placeAt } from '../../../local/states/reference-path.ts';
import type { Json } from '../../../local/states/types.ts';
import { Variables } from '../../../local/states/variables.ts';
import { pass, run } from './harness.ts';

const input: Json = {
  store: { book: [{ title: 'A', price: 8, tags: ['x'] }, { title: 'B', price: 12 }, { title: 'C', price: 20, isbn: '1' }], 'a.b': 1, 'delivery-partner': 'UQS' },
  limit: 10,
};
const sources = { input, context: { Execution: { Id: 'arn' } }, variables: new Variables(undefined, { chosen: { index: [4, 5] } }) };

describe('a path', () => {
  it.each([
    ['$', input],
    ['$.limit', 10],
    ["$.store['a.b']", 1],
    ['$.store.delivery-partner', 'UQS'],
    ['$.store.book[0].title', 'A'],
    ['$.store.book[-1].title', 'C'],
    ['$.store.book[0,2].title', ['A', 'C']],
    ['$.store.book[*].title', ['A', 'B', 'C']],
    ['$.store.book[1:].price', [12, 20]],
    ['$.store.book[:-1].price', [8, 12]],
    ['$..price', [8, 12, 20]],
    ['$..book[0].title', ['A']],
    ["$.store.book[0]['title','price']", ['A', 8]],
    ['$.store.book[?(@.isbn)].title', ['C']],
    ['$.store.book[?(@.price < $.limit)].title', ['A']],
    ["$.store.book[?(@.price >= 12 && @.title != 'C')].title", ['B']],
    ["$.store.book[?(@.title in ['A', 'C'] || !(@.price))].title", ['A', 'C']],
    ['$.store.book[?(@.title =~ /[ab]/i)].title', ['A', 'B']],
    ['$.store.book.length()', 3],
    ['$.store.book[0].tags.length()', 1],
    ['$.nothing[*].here', []],
    ['$$.Execution.Id', 'arn'],
    ['$chosen.index[1]', 5],
  ])('%s', (path, value) => {
    expect(evaluatePath(path, sources)).toEqual(value);
  });

  it.each([
    ['$.limit.deeper', "Invalid path '$.limit.deeper' : No results for path: $['limit']['deeper']"],
    ['$.no.such', "Invalid path '$.no.such' : Missing property in path $['no']"],
    ['$unknown', "Invalid path '$unknown' : The variable 'unknown' has no value"],
  ])('%s is a States.Runtime error', (path, message) => {
    expect(() => evaluatePath(path, sources)).toThrow(message);
  });

  it('does not see what every object inherits', () => {
    expect(() => evaluatePath('$.constructor', sources)).toThrow('No results');
    expect(() => evaluatePath('$toString', sources)).toThrow('has no value');
  });

  it.each(['', 'limit', '$.', '$.a[', "$['a", '$.a[?(@.x ==)]', '$.a b', '$.a.unknown()'])('%s does not parse, and says where', (path) => {
    expect(() => parsePath(path)).toThrow(/expected .* at character \d+/);
  });
});

describe('ResultPath', () => {
  it('makes what is missing and leaves the input as it was', () => {
    const before = { a: { b: 1 }, list: [1, 2] };
    expect(placeAt('$.a.c.d', before, 9)).toEqual({ a: { b: 1, c: { d: 9 } }, list: [1, 2] });
    expect(placeAt('$.list[1]', before, 9)).toEqual({ a: { b: 1 }, list: [1, 9] });
    expect(placeAt('$', before, 9)).toBe(9);
    expect(before).toEqual({ a: { b: 1 }, list: [1, 2] });
  });

  it('fails with States.ResultPathMatchFailure where the input has something else there', () => {
    expect(() => placeAt('$.a.b.c', { a: { b: 1 } }, 9)).toThrow('Unable to apply ReferencePath $.a.b.c');
    expect(() => placeAt('$.list[5]', { list: [] }, 9)).toThrow('Unable to apply');
  });

  it('makes a field of any name, and nothing but a field', () => {
    const placed = placeAt('$.__proto__', {}, { polluted: true });
    expect(Object.keys(placed as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('an intrinsic function', () => {
  it.each([
    ["States.Format('{} and \\{\\} of {}', 'it\\'s', $.list)", "it's and {} of [1, {a=b}]"],
    ['States.StringToJson($.json)', { x: [1] }],
    ["States.StringToJson(' ')", null],
    ['States.JsonToString($.list)', '[1,{"a":"b"}]'],
    ["States.Array('a', 1, true, null, $.n, States.MathAdd(1, 2))", ['a', 1, true, null, 7, 3]],
    ['States.ArrayPartition(States.ArrayRange(1, 5, 1), 2)', [[1, 2], [3, 4], [5]]],
    ['States.ArrayRange(5, 1, -2)', [5, 3, 1]],
    ['States.ArrayContains($.list, States.StringToJson($.same))', true],
    ['States.ArrayGetItem($.list, 0)', 1],
    ['States.ArrayLength($.list)', 2],
    ['States.ArrayUnique(States.Array(1, 2, 1, $.list, $.list))', [1, 2, [1, { a: 'b' }]]],
    ["States.Base64Encode('häh')", 'aMOkaA=='],
    ["States.Base64Decode('aMOkaA==')", 'häh'],
    ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ["States.JsonMerge(States.StringToJson('{\"a\":1,\"b\":1}'), States.StringToJson('{\"b\":2}'), false)", { a: 1, b: 2 }],
    ['States.MathAdd($.n, -1)', 6],
    ['States.MathRandom(1, 11)', 6],
    ["States.StringSplit('1,2;,3', ',;')", ['1', '2', '3']],
  ])('%s', async (call, value) => {
    const { result } = await run(pass({ 'x.$': call }), { input: { list: [1, { a: 'b' }], json: '{"x":[1]}', same: '{"a":"b"}', n: 7 } });
    expect(result).toEqual({ status: 'SUCCEEDED', output: { x: value } });
  });

  it('gives unique ids, and the same random number for the same seed', async () => {
    const { result } = await run(pass({ 'a.$': 'States.UUID()', 'b.$': 'States.UUID()', 'c.$': 'States.MathRandom(0, 1000, 4)', 'd.$': 'States.MathRandom(0, 1000, 4)' }));
    const { a, b, c, d } = (result as { output: Record<string, unknown> }).output;
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(a).not.toBe(b);
    expect(c).toBe(d);
  });

  it.each([
    ["States.Format('{}')", 'more {}'],
    ["States.Format('{}', 1, 2)", '1 {} for 2'],
    ['States.ArrayGetItem($.list, 9)', 'from 0 to 0'],
    ['States.ArrayRange(0, 5000, 1)', 'at most 1000'],
    ['States.JsonMerge($, $, true)', 'shallowly'],
    ['States.Nothing()', 'no such function'],
    ["States.Base64Decode('not base64!')", 'expected Base64'],
  ])('%s fails with States.IntrinsicFailure', async (call, message) => {
    const { result } = await run(pass({ 'x.$': call }), { input: { list: [1] } });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.IntrinsicFailure' });
    expect((result as { cause: string }).cause).toContain(message);
  });
});
