import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { RequestError } from '../../../../model/serving/errors.ts';
import { parseJson } from '../../../../model/serving/http/json.ts';

function refusal(text: string | Buffer): RequestError {
  try {
    parseJson(Buffer.from(text as string));
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

it('takes what JSON.parse takes, and gives the same', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => { expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text)); }), { numRuns: 500 });
});

it('refuses whatever JSON.parse refuses, and always says where', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', ':', '\\', 'NaN', '-', '0', '\u0001'), (text, seed, extra) => {
      const at = seed % (text.length + 1);
      const broken = `${text.slice(0, at)}${extra}${text.slice(at + (seed % 2))}`;
      let parses = true;
      try {
        JSON.parse(broken);
      } catch {
        parses = false;
      }
      if (parses) return;
      const { details } = refusal(broken);
      expect(details).toHaveLength(1);
      expect(details[0]!.found).not.toBe('no JSON');
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['{"a":{"b":[1,{"c":NaN}]}}', 'a.b[1].c', 'the token "NaN" at position 18'],
  ['{"a":1,"a":2}', 'a', 'given twice'],
  ['{"a":{"x":1},"b":{"x":1,"\\u0078":2}}', 'b.x', 'given twice'],
  ['{"a":"x', 'a', 'a text that is cut off'],
  ['{"a":"\u0000"}', 'a', 'a text with the control character 0'],
  ['{"a":"\\x"}', 'a', 'a text with the escape "\\\\x\\"}"'],
  ["{'a':1}", 'body', 'the token "\'a\'" at position 1'],
  ['[1,2', 'body', 'cut off'],
  ['{"a":1}}', 'body', 'the token "}" at position 7'],
  ['', 'body', 'empty'],
])('%s names %s', (text, field, found) => {
  expect(refusal(text).details[0]).toMatchObject({ field, found });
});

it('never takes colons, brackets and quotes within texts for its own', () => {
  const value = { 'a:b': '{[":\\"', c: ['"', '\\', ':', '}}}'], '\\"': { '': '' } };
  expect(parseJson(Buffer.from(JSON.stringify(value)))).toEqual(value);
});

it('is deep and long without harm', () => {
  expect(refusal('['.repeat(1_000_000)).code).toBe('TooDeep');
  expect(refusal(`{"a":"${'\\u0041'.repeat(300_000)}"`).details[0]).toMatchObject({ found: 'cut off' });
  expect(refusal(Buffer.concat([Buffer.from('"ab'), Buffer.from([0xff]), Buffer.from('"')])).details[0]!.found).toBe('no UTF-8 from byte 3 on');
});
