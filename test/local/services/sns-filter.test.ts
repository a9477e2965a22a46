import { describe, expect, it } from 'vitest';
import { accepts } from '../../../local/services/sns/filter.ts';

const attributes = {
  store: { Type: 'String', Value: 'example_corp' },
  price: { Type: 'Number', Value: '210.75' },
  interests: { Type: 'String.Array', Value: '["soccer","rugby"]' },
  bytes: { Type: 'Binary', Value: 'AQI=' },
};

describe('a filter on attributes', () => {
  it.each([
    [{ store: ['example_corp'] }, true],
    [{ store: ['example'] }, false],
    [{ store: [{ prefix: 'example' }] }, true],
    [{ store: [{ 'anything-but': ['example_corp', 'other'] }] }, false],
    [{ store: [{ 'anything-but': ['other'] }] }, true],
    [{ store: [{ 'anything-but': { prefix: 'ex' } }] }, false],
    [{ absent: [{ 'anything-but': ['other'] }] }, false],
    [{ store: [{ exists: true }], absent: [{ exists: false }] }, true],
    [{ store: [{ exists: false }] }, false],
    [{ price: [{ numeric: ['>', 200, '<=', 210.75] }] }, true],
    [{ price: [{ numeric: ['=', 210] }] }, false],
    [{ price: [210.75] }, true],
    [{ price: ['210.75'] }, false],
    [{ interests: ['rugby'] }, true],
    [{ interests: [{ 'anything-but': ['rugby'] }] }, true],
    [{ interests: ['chess'] }, false],
    [{ store: ['example_corp'], interests: ['chess'] }, false],
    [{ $or: [{ store: ['other'] }, { price: [{ numeric: ['>', 1] }] }] }, true],
    [{ bytes: [{ exists: true }] }, false],
  ])('%j: %s', (filterPolicy, expected) => {
    expect(accepts({ filterPolicy, filterPolicyScope: 'MessageAttributes' }, { text: '', attributes })).toBe(expected);
  });

  it('matches no message without attributes', () => {
    expect(accepts({ filterPolicy: { absent: [{ exists: false }] }, filterPolicyScope: 'MessageAttributes' }, { text: '', attributes: {} })).toBe(false);
  });
});

describe('a filter on the text', () => {
  it.each([
    [{ run: { status: ['FAILED'] } }, '{"run":{"status":"FAILED"}}', true],
    [{ run: { status: ['FAILED'] } }, '{"run":{"status":"DEPLOYED"}}', false],
    [{ items: { size: [3] } }, '{"items":[{"size":1},{"size":3}]}', true],
    [{ tags: ['a'] }, '{"tags":["b","a"]}', true],
    [{ flag: [true] }, '{"flag":true}', true],
    [{ a: ['b'] }, 'no JSON', false],
    [{ a: ['b'] }, '"text"', false],
  ])('%j on %s: %s', (filterPolicy, text, expected) => {
    expect(accepts({ filterPolicy, filterPolicyScope: 'MessageBody' }, { text, attributes: {} })).toBe(expected);
  });

  it('is not there by default', () => {
    expect(accepts({ filterPolicyScope: 'MessageAttributes' }, { text: '', attributes: {} })).toBe(true);
  });
});
