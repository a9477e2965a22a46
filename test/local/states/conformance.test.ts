import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedCase } from '../../../scripts/conformance/recording.ts';
import { judge } from '../../../scripts/conformance/score.ts';
import { summarise } from '../../../scripts/conformance/summary.ts';

const file = path.join(import.meta.dirname, '../../../../shared/asl/recordings.json');

describe.skipIf(!existsSync(file))('executions recorded on AWS', () => {
  it('end as they did there', async () => {
    const cases = JSON.parse(readFileSync(file, 'utf8')) as RecordedCase[];
    const verdicts = await Promise.all(cases.map(judge));
    expect(verdicts.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    const { byQueryLanguage, skipped } = summarise(verdicts);
    expect(byQueryLanguage.JSONPath.tests.passed).toBeGreaterThanOrEqual(162);
    expect(byQueryLanguage.JSONata.tests.passed).toBeGreaterThanOrEqual(65);
    expect(skipped).toBeLessThanOrEqual(27);
  });
});
