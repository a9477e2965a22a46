import { describe, expect, test } from 'vitest';
import { comparisons } from '../../../../local/services/cloudwatch/alarms/alarm.ts';
import type { MissingData } from '../../../../local/services/cloudwatch/alarms/alarm.ts';
import { judge } from '../../../../local/services/cloudwatch/alarms/judge.ts';

const treatments: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** What becomes of an alarm on three periods, for data points as CloudWatch's guide draws them: X breaches, 0 does not, - is missing. */
function verdicts(drawn: string, datapointsToAlarm: number): string[] {
  const range = drawn.split(' ').map((point, index) => ({ time: index * 60_000, value: point === '-' ? undefined : point === 'X' ? 9 : 0 }));
  return treatments.map((missingData) => judge(range, { evaluationPeriods: 3, datapointsToAlarm, missingData, threshold: 5, comparison: comparisons['GreaterThanThreshold']! }).state ?? 'as it was');
}

// The tables of "Configuring how CloudWatch alarms treat missing data", column by column: missing, ignore, breaching, notBreaching.
describe('missing data', () => {
  test.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', 'as it was', 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', 'as it was', 'ALARM', 'OK']],
    ['- - - - X', ['OK', 'as it was', 'ALARM', 'OK']],
  ])('3 of 3: %s', (drawn, expected) => {
    expect(verdicts(drawn, 3)).toEqual(expected);
  });

  test.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', 'as it was', 'ALARM', 'OK']],
  ])('2 of 3: %s', (drawn, expected) => {
    expect(verdicts(drawn, 2)).toEqual(expected);
  });
});
