import { expect, test } from 'vitest';
import { rejection } from '../../../lambda/validate-data/rejection.ts';

test('every reason is in the message, and where the report and the quarantine are', () => {
  const error = rejection('s3://d/raw/a.csv', ['Too few rows.', "'x' is missing."], 's3://a/reports/v.json', 's3://d/quarantine/x/r/');
  expect(error.name).toBe('DataRejected');
  expect(error.message).toBe("s3://d/raw/a.csv is refused for 2 reasons: Too few rows. 'x' is missing. All of it: s3://a/reports/v.json, and a copy of the data in quarantine: s3://d/quarantine/x/r/");
});

test('a cause stays within what Step Functions keeps, and says how much is left out', () => {
  const reasons = Array.from({ length: 5000 }, (_, index) => `The column “colonne-${String(index)}” is missing.`);
  const { message } = rejection('s3://d/a.csv', reasons, 's3://a/v.json', 's3://d/q/');
  expect(Buffer.byteLength(message)).toBeLessThan(9000);
  const named = message.match(/is missing/g)?.length ?? 0;
  expect(message).toContain(`And ${String(5000 - named)} more.`);
});
