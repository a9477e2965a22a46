import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineCumulative, comparisonOf, parseBaseline } from '../../../model/data/baseline.ts';
import type { Baseline } from '../../../model/data/baseline.ts';
import { countedDistance, largestDistance, numberBelow } from '../../../model/data/drift.ts';
import { validateDataset } from '../../../model/data/validate.ts';
import type { ValidationReport } from '../../../model/data/validation-report.ts';
import { DataCheck } from '../../../model/spec/check.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { withFolder, writeParquet } from './files.ts';

const schema = new Dataset({
  columns: [Column.timestamp('at'), Column.number('x'), Column.integer('n'), Column.boolean('b'), Column.string('c'), Column.string('id'), Column.integer('y')],
  label: Label.binary('y'),
}).toJSON();

/** Rows from a generator whose seed is the first of them: normal numbers, dice, coins, skewed categories, and a text that is always another. */
function rows(from: number, count: number, more: { x?: string; n?: string; b?: string; c?: string } = {}): string {
  const u = (salt: number): string => `((hash(i * 10 + ${String(salt)}) % 1000003) / 1000003.0)`;
  const { x = 'z', n = `floor(6 * ${u(3)})::INTEGER`, b = `${u(4)} < 0.3`, c = `['a', 'b', 'c'][1 + floor(3 * power(${u(5)}, 2))::INTEGER]` } = more;
  return `SELECT TIMESTAMP '2020-01-01' + to_hours(i::INTEGER) AS at, (${x})::DOUBLE AS x, ${n} AS n, ${b} AS b, ${c} AS c, 'id' || i AS id, (${u(6)} < 0.5)::INTEGER AS y
    FROM (SELECT *, sqrt(-2 * ln(1 - ${u(1)})) * cos(2 * pi() * ${u(2)}) AS z FROM range(${String(from)}, ${String(from + count)}) AS t(i))`;
}

async function validate(select: string, more: { baseline?: Baseline } = {}, ...drift: DataCheck[]): Promise<ValidationReport> {
  return withFolder(async (folder) =>
    validateDataset({ file: await writeParquet(path.join(folder, 'rows.parquet'), select), schema, checks: resolveChecks([DataCheck.rows({ minimum: 10 }), DataCheck.nulls({ maximumShare: 1 }), ...drift].map((check) => check.toJSON())), maximumBytes: 1e8, memoryMb: 300, threads: 1, ...more }),
  );
}

/** As it comes back from its files. */
async function baselineOf(select: string): Promise<Baseline> {
  const { statistics, constraints } = await validate(select);
  return parseBaseline(JSON.parse(JSON.stringify({ statistics, constraints })) as Baseline);
}

const drifts = (report: ValidationReport): string[] => report.violations.violations.filter((one) => one.constraint_check_type === 'baseline_drift_check').map((one) => `${one.feature_name}: ${one.description}`);

describe('drift against a baseline', () => {
  it('is none in other rows of the same distribution, however few or many', async () => {
    const baseline = await baselineOf(rows(0, 20_000));
    for (const count of [30, 300, 5000]) expect(drifts(await validate(rows(30_000, count), { baseline }))).toEqual([]);
    expect(drifts(await validate(rows(0, 20_000), { baseline }))).toEqual([]);
    const small = await baselineOf(rows(50_000, 60));
    expect(drifts(await validate(rows(0, 20_000), { baseline: small }))).toEqual([]);
  });

  it('names the column, the distance, the bound and the mean, as a warning', async () => {
    const baseline = await baselineOf(rows(0, 5000));
    const report = await validate(rows(10_000, 5000, { x: 'z + 1', b: 'i % 10 < 6' }), { baseline });
    expect(report.passed).toBe(true);
    const [x, b, ...others] = drifts(report);
    expect(others).toEqual([]);
    // Two normal distributions a deviation apart are 2 Φ(1/2) - 1 = 0.383 from each other; chance explains 1.8 * sqrt(2/5000) = 0.036.
    expect(x).toMatch(/^x: the distribution is another than the baseline's: distance 0\.3[3-6]\d? beyond chance, expected at most 0\.1; the mean is (1|1\.0\d|0\.9\d+), was -?0\.0\d+\.$/);
    // Coins at 0.29 and 0.6: the values are few, and the distance is theirs.
    expect(b).toMatch(/^b: .*distance 0\.27\d? beyond chance, expected at most 0\.1; the mean is 0\.6, was 0\.\d+\.$/);
    expect(report.warnings).toEqual(report.violations.violations.map((one) => `'${one.feature_name}': ${one.description}`));
  });

  it('sees numbers that move between two values of the baseline', async () => {
    const baseline = await baselineOf(rows(0, 3000));
    const [n] = drifts(await validate(rows(0, 3000, { x: 'CASE WHEN z > 0 THEN 0.25 ELSE z END' }), { baseline }));
    expect(n).toMatch(/^x: .*distance 0\.3\d+ beyond chance/);
  });

  it('compares categories by their shares: one that grew, one that is new', async () => {
    const baseline = await baselineOf(rows(0, 3000));
    const [grown] = drifts(await validate(rows(0, 3000, { c: "CASE WHEN i % 2 = 0 THEN 'a' ELSE 'c' END" }), { baseline }));
    expect(grown).toMatch(/^c: the categories are others than the baseline's: 'c' is 50 % of the values, was 1\d(\.\d)? %; distance 0\.2\d+ beyond chance, expected at most 0\.1\.$/);
    const [fresh] = drifts(await validate(rows(0, 3000, { c: "CASE WHEN i % 2 = 0 THEN 'a' ELSE 'new' END" }), { baseline }));
    expect(fresh).toMatch(/'new' is 50 % of the values, was 0 %/);
  });

  it('looks up the values that are no longer frequent, and says at most where the baseline listed no more', async () => {
    const many = (shift: number): string => rows(0, 3000, { c: `'k' || ((i % 40) + CASE WHEN i % 5 = 0 THEN ${String(shift)} ELSE 0 END)` });
    const baseline = await baselineOf(many(0));
    expect(drifts(await validate(many(0), { baseline }))).toEqual([]);
    const [moved] = drifts(await validate(rows(0, 3000, { c: "CASE WHEN i % 2 = 0 THEN 'other' ELSE 'k' || (i % 40) END" }), { baseline }));
    expect(moved).toMatch(/'other' is 50 % of the values, was at most 2\.5 %; distance 0\.42\d* beyond chance/);
    const gone = await baselineOf(rows(0, 3000, { c: "CASE WHEN i % 2 = 0 THEN 'zz' ELSE 'k' || (i % 40) END" }));
    expect(drifts(await validate(rows(0, 3000, { c: "CASE WHEN i % 50 = 0 THEN 'zz' ELSE 'k' || (i % 40) END" }), { baseline: gone }))[0]).toMatch(/'zz' is 2 % of the values, was 50 %/);
  });

  it('may refuse the dataset, or be left out', async () => {
    const baseline = await baselineOf(rows(0, 1000));
    const moved = rows(0, 1000, { x: 'z + 3' });
    const refused = await validate(moved, { baseline }, DataCheck.drift().fail());
    expect(refused.passed).toBe(false);
    expect(refused.reasons).toHaveLength(1);
    expect(drifts(await validate(moved, { baseline }, DataCheck.drift().off()))).toEqual([]);
  });

  it('has a bound, for all columns or one, and may fail at another than it warns at', async () => {
    const baseline = await baselineOf(rows(0, 1000));
    const moved = rows(0, 1000, { x: 'z + 0.5', c: "CASE WHEN i % 2 = 0 THEN 'a' ELSE 'c' END" });
    expect(drifts(await validate(moved, { baseline }, DataCheck.drift({ maximumDistance: 0.2 })))).toEqual([expect.stringMatching(/^c: .*expected at most 0\.2\.$/)]);
    const both = await validate(moved, { baseline }, DataCheck.drift({ maximumDistance: 0.05 }).warn(), DataCheck.drift({ maximumDistance: 0.2 }).fail());
    expect(both.reasons).toEqual([expect.stringMatching(/^'c': .*expected at most 0\.2\.$/)]);
    expect(both.warnings).toEqual([expect.stringMatching(/^'x': .*expected at most 0\.05; /)]);
    expect(drifts(await validate(moved, { baseline }, DataCheck.drift({ columns: ['c'] }).off()))).toEqual([expect.stringMatching(/^x: /)]);
    expect(both.constraints.monitoring_config.distribution_constraints).toMatchObject({ comparison_threshold: 0.2, categorical_comparison_threshold: 0.2 });
  });

  it("keeps to the baseline's own methods and switches, and to its bounds of single columns", async () => {
    const { statistics, constraints } = await baselineOf(rows(0, 1000));
    const moved = rows(0, 1000, { x: 'z + 0.5', c: "CASE WHEN i % 2 = 0 THEN 'a' ELSE 'c' END" });
    const of = async (change: object, override: object = {}): Promise<string[]> => {
      const distribution = { ...constraints.monitoring_config.distribution_constraints, ...change };
      const features = constraints.features.map((feature) => (feature.name === 'x' ? { ...feature, ...override } : feature));
      const baseline: Baseline = { statistics, constraints: { ...constraints, features, monitoring_config: { ...constraints.monitoring_config, distribution_constraints: distribution } } };
      return drifts(await validate(moved, { baseline }));
    };
    expect(await of({})).toHaveLength(2);
    // The declaration's bound goes before the file's.
    expect(await of({ comparison_threshold: 0.2, categorical_comparison_threshold: 0.5 })).toHaveLength(2);
    expect((await of({ comparison_method: 'Simple' }))[0]).toMatch(/distance 0\.\d+, expected at most 0\.1; /);
    expect(await of({ perform_comparison: 'Disabled' })).toEqual([]);
    for (const field of ['monitoringConfigOverrides', 'monitoring_config_overrides']) {
      expect(await of({}, { [field]: { distribution_constraints: { comparison_threshold: 0.5 } } })).toHaveLength(1);
      expect(await of({}, { [field]: { evaluate_constraints: 'Disabled' } })).toHaveLength(1);
    }
    expect((await of({ categorical_drift_method: 'ChiSquared' })).filter((one) => one.includes("'ChiSquared', expected 'LInfinity'"))).toHaveLength(2);
  });

  it('leaves out columns that one side has nothing of', async () => {
    const baseline = await baselineOf(rows(0, 500, { x: 'NULL', c: 'NULL::VARCHAR' }));
    expect(drifts(await validate(rows(0, 500), { baseline }))).toEqual([]);
    const full = await baselineOf(rows(0, 500));
    expect(drifts(await validate(rows(0, 500, { x: 'NULL', c: 'NULL::VARCHAR' }), { baseline: full }))).toEqual([]);
    expect(drifts(await validate(rows(0, 500), { baseline: { ...full, statistics: { ...full.statistics, features: [] } } }))).toEqual([]);
  });
});

describe('parseBaseline', () => {
  it.each([
    [{ statistics: null, constraints: {} }, /statistics.json has the version undefined, expected 0/],
    [{ statistics: { version: 0, features: {} }, constraints: {} }, /statistics.json has no list of named features/],
    [{ statistics: { version: 0, features: [null] }, constraints: {} }, /statistics.json has no list of named features/],
    [{ statistics: { version: 0, features: [] }, constraints: { version: 0, features: [] } }, /comparison_threshold, expected a number/],
  ])('names what is wrong in %j', (documents, message) => {
    expect(() => parseBaseline(documents)).toThrow(message);
  });
});

describe('the distance', () => {
  const numerical = (data: number[][], buckets: number[] = []): Parameters<typeof baselineCumulative>[0] => ({
    name: 'x',
    inferred_type: 'Fractional',
    numerical_statistics: {
      common: { num_present: 1, num_missing: 0 },
      sum: 0,
      distribution: { kll: { buckets: buckets.map((count, i) => ({ lower_bound: i, upper_bound: i + 1, count })), sketch: { parameters: { c: 0.64, k: 200 }, data } } },
    },
  });

  it('weighs a level of a sketch by a power of two, and takes the buckets where there is none', () => {
    expect(baselineCumulative(numerical([[3, 1], [1, 5]]))).toEqual({ points: [1, 3, 5], shares: [0.5, 4 / 6, 1] });
    expect(baselineCumulative(numerical([], [1, 0, 3]))).toEqual({ points: [1, 2, 3], shares: [0.25, 0.25, 1] });
    expect(baselineCumulative(numerical([]))).toBeUndefined();
    expect(baselineCumulative({ name: 'x', inferred_type: 'String' })).toBeUndefined();
  });

  it('is that of Kolmogorov and Smirnov', () => {
    const numbers = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 12 });
    const shareAt = (sample: number[], bound: number): number => sample.filter((value) => value <= bound).length / sample.length;
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const before = baselineCumulative(numerical([a]))!;
        const points = Array.from({ length: 20 }, (_, i) => -5 + i / 2);
        const expected = Math.max(...points.map((bound) => Math.abs(shareAt(a, bound) - shareAt(b, bound))));
        expect(largestDistance(before, { points, shares: points.map((bound) => shareAt(b, bound)) })).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('counts without what chance explains', () => {
    expect(countedDistance(0.3, 100, 100, 'Simple')).toBe(0.3);
    expect(countedDistance(0.3, 100, 100, 'Robust')).toBeCloseTo(0.3 - 1.8 * Math.sqrt(0.02), 12);
    expect(countedDistance(0.1, 100, 100, 'Robust')).toBe(0);
  });

  it('knows the number just below another', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (value) => {
        const below = numberBelow(value);
        expect(below).toBeLessThan(value);
        expect([below, value]).toContain((below + value) / 2);
      }),
    );
  });
});

describe('comparisonOf', () => {
  it('is none where constraints are not evaluated', async () => {
    const { statistics, constraints } = await baselineOf(rows(0, 100));
    expect(comparisonOf({ statistics, constraints: { ...constraints, monitoring_config: { ...constraints.monitoring_config, evaluate_constraints: 'Disabled' } } }, 'x')).toBeUndefined();
    expect(comparisonOf({ statistics, constraints }, 'x')?.comparison_method).toBe('Robust');
  });
});
