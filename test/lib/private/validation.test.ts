import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/index.ts';
import { kebabCase, validate, validateInteger, validateKebabCase, validateRange } from '../../../lib/private/validation.ts';
import { testStack } from '../support.ts';

describe('validate', () => {
  const construct = new Construct(testStack(), 'Thing');

  it('says nothing when all is well', () => {
    expect(() => validate(construct, [undefined, []])).not.toThrow();
  });

  it('throws once, with the path and every failure', () => {
    expect(() => validate(construct, ['a is 1.'])).toThrow(new ConfigurationError(construct, ['a is 1.']));
    expect(() => validate(construct, ['a.', undefined, ['b.', 'c.']])).toThrow('Stack/Thing: 3 problems\n  - a.\n  - b.\n  - c.');
  });
});

describe('rules', () => {
  it('let tokens pass that are numbers, since nobody knows them yet', () => {
    const token = Token.asNumber({ Ref: 'Parameter' });
    expect(validateRange('a', token, 0, 1)).toBeUndefined();
    expect(validateInteger('a', token)).toBeUndefined();
    expect(validateKebabCase('name', Token.asString({ Ref: 'Parameter' }), 9)).toMatch(/name is a token/);
  });

  it('take the bounds themselves', () => {
    expect(validateRange('a', 0, 0, 1)).toBeUndefined();
    expect(validateRange('a', 1, 0, 1)).toBeUndefined();
    expect(validateRange('a', 1.01, 0, 1, ' s')).toBe('a is 1.01 s, expected 0 to 1 s.');
  });
});

it.each([['FlightDelays', 'flight-delays'], ['flight_delays', 'flight-delays'], ['Staging', 'staging'], ['slipway-dev-pipeline', 'slipway-dev-pipeline'], ['A1b2C', 'a1b2-c']])('%s in kebab-case is %s', (id, kebab) => {
  expect(kebabCase(id)).toBe(kebab);
});
