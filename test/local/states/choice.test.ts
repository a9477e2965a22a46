import { describe, expect, it } from 'vitest';
import { machine, run } from './harness.ts';

const input = { text: 'log-2026.txt', number: 5, flag: true, nothing: null, moment: '2026-01-01T00:00:00+01:00', other: '2025-12-31T23:00:00Z', star: 'a*b' };

const holds = async (rule: Record<string, unknown>): Promise<boolean | string | undefined> => {
  const states = { Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' }, Yes: { Type: 'Pass', Result: true, End: true }, No: { Type: 'Pass', Result: false, End: true } };
  const { result } = await run(machine(states), { input });
  return result.status === 'SUCCEEDED' ? (result.output as boolean) : result.error;
};

describe('a Choice', () => {
  it.each<[Record<string, unknown>, boolean]>([
    [{ Variable: '$.text', StringMatches: 'log-*.txt' }, true],
    [{ Variable: '$.text', StringMatches: '*.log' }, false],
    [{ Variable: '$.star', StringMatches: 'a\\*b' }, true],
    [{ Variable: '$.text', StringMatches: 'log\\*' }, false],
    [{ Variable: '$.text', StringLessThan: 'm' }, true],
    [{ Variable: '$.number', NumericGreaterThanEquals: 5 }, true],
    [{ Variable: '$.number', NumericLessThan: 5 }, false],
    [{ Variable: '$.text', NumericEquals: 5 }, false],
    [{ Variable: '$.flag', BooleanEqualsPath: '$.flag' }, true],
    [{ Variable: '$.moment', TimestampEqualsPath: '$.other' }, true],
    [{ Variable: '$.moment', TimestampLessThan: '2026-01-01T00:00:00Z' }, true],
    [{ Variable: '$.text', IsString: true }, true],
    [{ Variable: '$.text', IsTimestamp: true }, false],
    [{ Variable: '$.moment', IsTimestamp: true }, true],
    [{ Variable: '$.nothing', IsNull: true }, true],
    [{ Variable: '$.nothing', IsPresent: true }, true],
    [{ Variable: '$.missing', IsPresent: true }, false],
    [{ Variable: '$.missing', IsPresent: false }, true],
    [{ Not: { Variable: '$.number', IsNumeric: true } }, false],
    [{ And: [{ Variable: '$.flag', BooleanEquals: true }, { Or: [{ Variable: '$.number', NumericEquals: 1 }, { Variable: '$.number', NumericEquals: 5 }] }] }, true],
  ])('%j: %s', async (rule, expected) => {
    expect(await holds(rule)).toBe(expected);
  });

  it('cannot compare what is not there', async () => {
    expect(await holds({ Variable: '$.missing', StringEquals: 'x' })).toBe('States.Runtime');
  });

  it('fails with States.NoChoiceMatched where nothing holds and there is no Default', async () => {
    const states = { Choose: { Type: 'Choice', Choices: [{ Variable: '$.number', NumericEquals: 1, Next: 'Yes' }] }, Yes: { Type: 'Succeed' } };
    expect((await run(machine(states), { input })).result).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });
});
