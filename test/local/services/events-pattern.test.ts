import { describe, expect, it } from 'vitest';
import { targetInput } from '../../../local/services/events/input.ts';
import { checkPattern, matchesPattern } from '../../../local/services/events/pattern.ts';

const event = {
  source: 'aws.s3',
  'detail-type': 'Object Created',
  resources: ['arn:aws:s3:::data', 'arn:other'],
  detail: { bucket: { name: 'data' }, object: { key: 'raw/flights/Jan+1.parquet', size: 12 }, ip: '10.0.3.7', tags: [{ k: 'a', v: 1 }, { k: 'b', v: 2 }], none: null, empty: '' },
};

const yes: Record<string, object> = {
  'exact values': { source: ['aws.s3', 'aws.ec2'], detail: { bucket: { name: ['data'] } } },
  'an element of an array': { resources: ['arn:aws:s3:::data'] },
  prefix: { detail: { object: { key: [{ prefix: 'raw/flights/' }] } } },
  'prefix in any case': { detail: { object: { key: [{ prefix: { 'equals-ignore-case': 'RAW/' } }] } } },
  suffix: { detail: { object: { key: [{ suffix: '.parquet' }] } } },
  'equals-ignore-case': { detail: { bucket: { name: [{ 'equals-ignore-case': 'DATA' }] } } },
  wildcard: { detail: { object: { key: [{ wildcard: 'raw/*/Jan+*.parquet' }] } } },
  numeric: { detail: { object: { size: [{ numeric: ['>', 0, '<=', 12] }] } } },
  'anything-but': { source: [{ 'anything-but': ['aws.ec2', 'x'] }] },
  'anything-but a prefix': { detail: { object: { key: [{ 'anything-but': { prefix: 'tmp/' } }] } } },
  'exists: true': { detail: { object: { key: [{ exists: true }] } } },
  'exists: false': { detail: { absent: [{ exists: false }], nowhere: { inside: [{ exists: false }] } } },
  null: { detail: { none: [null], empty: [''] } },
  cidr: { detail: { ip: [{ cidr: '10.0.0.0/16' }] } },
  'objects in arrays': { detail: { tags: { k: ['b'], v: [2] } } },
  $or: { $or: [{ source: ['nothing'] }, { detail: { object: { size: [12] } } }] },
};

const no: Record<string, object> = {
  'another value': { source: ['aws.ec2'] },
  'a missing field': { detail: { absent: ['x'] } },
  'one of two fields': { source: ['aws.s3'], 'detail-type': ['Object Deleted'] },
  'a number as text': { detail: { object: { size: ['12'] } } },
  numeric: { detail: { object: { size: [{ numeric: ['>', 0, '<', 12] }] } } },
  'anything-but of a missing field': { detail: { absent: [{ 'anything-but': 'x' }] } },
  'a name of Object.prototype': { constructor: [{ exists: true }] },
  'a wildcard with special characters': { detail: { object: { key: [{ wildcard: 'raw/flights/Jan.1*' }] } } },
  'fields of two elements': { detail: { tags: { k: ['a'], v: [2] } } },
};

describe('event patterns', () => {
  it.each(Object.entries(yes))('match %s', (_, pattern) => expect(matchesPattern(pattern as Record<string, unknown>, event)).toBe(true));
  it.each(Object.entries(no))('do not match %s', (_, pattern) => expect(matchesPattern(pattern as Record<string, unknown>, event)).toBe(false));
  it('are refused when they use what EventBridge does not know', () => {
    expect(() => checkPattern({ detail: { a: [{ regex: 'x' }] } })).toThrow('"regex"');
    expect(() => checkPattern({ source: 'aws.s3' })).toThrow('expected a list');
    for (const pattern of Object.values(yes)) checkPattern(pattern as Record<string, unknown>);
  });
});

describe('inputs of targets', () => {
  const rule = { arn: 'arn:rule', name: 'rule', ingestionTime: new Date(0) };
  it.each([
    [{}, JSON.stringify(event)],
    [{ Input: '"fixed"' }, '"fixed"'],
    [{ InputPath: '$.detail.bucket' }, '{"name":"data"}'],
    [{ InputPath: "$['detail-type']" }, '"Object Created"'],
    [{ InputTransformer: { InputPathsMap: { k: '$.detail.object.key', t: '$.detail.tags[1]', x: '$.absent' }, InputTemplate: '{"key":<k>,"tag":<t>,"text":"at <k> by <aws.events.rule-name>","none":<x>}' } }, '{"key":"raw/flights/Jan+1.parquet","tag":{"k":"b","v":2},"text":"at raw/flights/Jan+1.parquet by rule","none":null}'],
    [{ InputTransformer: { InputTemplate: '"at <aws.events.event.ingestion-time>: \\"<unknown>\\""' } }, '"at 1970-01-01T00:00:00.000Z: \\"<unknown>\\""'],
  ])('%j', (shape, expected) => expect(targetInput(shape, event, rule)).toBe(expected));
});
