import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { trips, tripsSql, withFolder, writeParquet } from '../model/data/files.ts';
import { slipway } from './support.ts';

interface Result {
  readonly rows: number;
  readonly passed: boolean;
  readonly reasons: readonly string[];
  readonly columns?: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly statistics: { readonly features: readonly { readonly name: string }[] };
  readonly constraints: { readonly features: readonly { readonly name: string }[] };
  readonly violations: readonly { readonly feature_name: string; readonly constraint_check_type: string; readonly description: string }[];
}

async function inspect(content: string | Buffer, name = 'rows.csv'): Promise<Result> {
  return withFolder(async (folder) => {
    await writeFile(path.join(folder, name), content);
    return JSON.parse((await slipway('validate', path.join(folder, name), '--json')).stdout) as Result;
  });
}

const typesOf = ({ columns = [] }: Result): string => columns.map(({ name, type, nullable }) => `${name}:${type}${nullable ? '?' : ''}`).join(' ');

describe('without a schema', () => {
  it.each([
    ['CSV', 'rows.csv', 'i,n,b,t,s,e\n1,1.5,true,2001-03-07 14:05:00,a,\n-2,3,FALSE,2001-03-07,7,\n,1e3,true,2001-03-07T01:00,,\n', 'i:integer? n:number b:boolean t:timestamp s:string? e:string?'],
    ['semicolons with commas in texts', 'rows.csv', 'a;b\n"1,5";2\n"2,5";3\n', 'a:string b:integer'],
    ['tabs', 'rows.tsv', 'a b\tc, d\n1\t2\n', 'a b:integer c, d:integer'],
    ['JSON lines', 'rows.jsonl', '{"x": 1, "s": "a"}\n{"s": "b", "y": false, "x": 2.5}\n', 'x:number s:string y:boolean?'],
    ['numbers too large for an integer', 'rows.csv', 'id,n\n12345678901234567890,1\n2,1\n', 'id:number n:integer'],
    ['mixed types', 'rows.csv', 'a,b\n1,2001-01-01\nx,yesterday\n', 'a:string b:string'],
    ['names that only SQL minds', 'rows.csv', '"a""b",select,A,a,,\n1,2,3,4,5,6\n', 'a"b:integer select:integer A:integer a_2:integer column_5:integer column_6:integer'],
    ['a header alone', 'rows.csv', 'a,b\n', 'a:string b:string'],
  ])('infers the types of %s', async (_, name, content, expected) => {
    const result = await inspect(content, name);
    expect(result.reasons).toEqual([]);
    expect(typesOf(result)).toBe(expected);
  });

  it('takes the types of Parquet, and says what no declaration fits', async () => {
    await withFolder(async (folder) => {
      const file = await writeParquet(path.join(folder, 'a.parquet'), `SELECT *, 1.0::DOUBLE AS whole, [1] AS list FROM (${tripsSql(120)})`);
      const { stdout, exitCode } = await slipway('validate', file, '--json');
      const result = JSON.parse(stdout) as Result;
      expect(typesOf(result)).toBe('left:timestamp delay:number distance:integer origin:string weekend:boolean whole:number');
      expect(result.violations).toEqual([{ feature_name: 'list', constraint_check_type: 'data_type_check', description: expect.stringContaining('no declared type fits') as string }]);
      expect(exitCode).toBe(0);
    });
  });

  it('shows types, nulls, ranges and distinct values as a table', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'a.csv.gz');
      await writeFile(file, gzipSync(`n,s,t\n${Array.from({ length: 1000 }, (_, i) => `${i % 10 === 0 ? '' : String(i)},${i % 4 === 0 ? '\u001b[31mred' : 'blue'},2001-01-01 00:00:${String(i % 60).padStart(2, '0')}`).join('\n')}`));
      const { stdout, exitCode } = await slipway('validate', file);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('1,000 rows, 3 columns');
      expect(stdout).toMatch(/n +integer +10 % +~[\d,]+ +1 +500 +999\n/);
      expect(stdout).toMatch(/s +string +2 +blue 75 %, ·\[31mred 25 %\n/);
      expect(stdout).toMatch(/t +timestamp +~6\d +2001-01-01 00:00:00 +2001-01-01 00:00:59\n/);
    });
  });

  it('refuses a file that cannot be read, or rows of it', async () => {
    expect(await inspect('')).toMatchObject({ passed: false, rows: 0, reasons: [expect.stringMatching(/^The file is empty/)] });
    expect(await inspect('a,b\n1,2\n1,2,3\n')).toMatchObject({ passed: false, rows: 1, reasons: [expect.stringMatching(/^1 row is malformed: line 3/)] });
  });
});

describe('with a schema', () => {
  async function check(content: string, schema: object = trips): Promise<{ json: Result; text: string; exitCode: number }> {
    return withFolder(async (folder) => {
      const [file, declaration] = [path.join(folder, 'rows.csv'), path.join(folder, 'schema.json')];
      await writeFile(file, content);
      await writeFile(declaration, JSON.stringify(schema));
      const { stdout, exitCode } = await slipway('validate', file, '--schema', declaration, '--json');
      return { json: JSON.parse(stdout) as Result, text: (await slipway('validate', file, '--schema', declaration)).stdout, exitCode };
    });
  }
  const header = 'left,delay,distance,origin,weekend\n';
  const rows = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

  it('passes what a pipeline would take', async () => {
    const { json, text, exitCode } = await check(header + rows(150, (i) => `2001-01-01,${String(i % 40)},${String(i)},ORD,true`));
    expect({ exitCode, passed: json.passed, violations: json.violations }).toEqual({ exitCode: 0, passed: true, violations: [] });
    expect(json.columns).toBeUndefined();
    expect(json.statistics.features.map(({ name }) => name)).toEqual(trips.columns.map(({ name }) => name));
    expect(json.constraints.features).toHaveLength(5);
    expect(text).toContain('Passed against');
  });

  it('shows every violation, and ends with exit code 1', async () => {
    const { json, text, exitCode } = await check(header.replace('weekend', 'week') + rows(60, (i) => `soon,1,-5,${i < 20 ? '' : 'ORD'},true`));
    expect(exitCode).toBe(1);
    expect(json.passed).toBe(false);
    expect(json.violations.map(({ feature_name: name, constraint_check_type: type }) => `${name} ${type}`)).toEqual(expect.arrayContaining([
      'weekend missing_column_check', 'week extra_column_check', 'left data_type_check', 'distance data_type_check', 'origin completeness_check',
      'delay categorical_values_check', '(dataset) completeness_check',
    ]));
    for (const reason of json.reasons) expect(text).toContain(`✗ ${reason}`);
    expect(text).toContain(`for ${String(json.reasons.length)} reasons.`);
  });

  it('takes labels of every kind, with what has a default left out', async () => {
    const columns = [{ name: 'x', type: 'number' }, { name: 'y', type: 'string' }];
    const content = `x,y\n${rows(120, (i) => `${String(i)},${['a', 'b', 'c'][i % 3]!}`)}`;
    for (const label of [{ column: 'y', kind: 'category' }, { column: 'x', kind: 'number' }, { column: 'x', kind: 'above', threshold: 60 }]) {
      expect((await check(content, { columns, label })).json.reasons).toEqual([]);
    }
    expect((await check(content, { columns, label: { column: 'x', kind: 'binary' } })).json.passed).toBe(false);
  });

  it('takes a folder as one dataset, the checks of a pipeline, and a file to compare with', async () => {
    await withFolder(async (folder) => {
      const place = (name: string): string => path.join(folder, name);
      await mkdir(place('march/more'), { recursive: true });
      await writeFile(place('schema.json'), JSON.stringify(trips));
      const part = (from: number, origin: string): string => header + rows(60, (i) => `2001-01-${String(1 + (i % 28))},${String((from + i) % 40)},${String(from + i)},${origin},true`).replaceAll(/-(\d),/g, '-0$1,');
      await writeFile(place('march/1.csv'), part(0, 'ORD'));
      await writeFile(place('march/more/2.csv'), part(60, 'ORD'));
      await writeFile(place('march/_SUCCESS'), '');
      await writeFile(place('february.csv'), part(0, 'LAX') + part(60, 'LAX').slice(header.length));
      const run = async (...more: string[]): Promise<Result> => JSON.parse((await slipway('validate', place('march'), '--schema', place('schema.json'), '--json', ...more)).stdout) as Result;
      expect(await run()).toMatchObject({ rows: 120, passed: true, violations: [] });
      expect((await run('--baseline', place('february.csv'))).violations.map(({ feature_name: name, constraint_check_type: type }) => `${name} ${type}`)).toEqual(['origin baseline_drift_check']);
      await writeFile(place('checks.json'), '[{"check": "rows", "level": "fail", "bound": 500}, {"check": "drift", "level": "off"}]');
      expect(await run('--checks', place('checks.json'), '--baseline', place('february.csv'))).toMatchObject({ passed: false, reasons: ['The 2 files have 120 rows, expected at least 500.'] });
      expect((await slipway('validate', place('march/1.csv'), place('march/more/2.csv'), '--schema', place('schema.json'))).exitCode).toBe(0);
      await writeFile(place('empty.csv'), '');
      expect((await slipway('validate', place('march'), '--schema', place('schema.json'), '--baseline', place('empty.csv'))).error).toMatch(/^The baseline .*empty\.csv cannot be compared with: The file is empty/);
      for (const [checks, reason] of [['{', /cannot be parsed as JSON/], ['{}', /are no list of checks\. the document/], ['[{"check":"speed","level":"fail"}]', /0\.check: .*"rows"/], ['[{"check":"nulls","level":"fail","columns":["speed"]}]', /do not fit the schema\. DataCheck\.nulls names the column 'speed'/]] as const) {
        await writeFile(place('checks.json'), checks);
        expect((await slipway('validate', place('march'), '--schema', place('schema.json'), '--checks', place('checks.json'))).error).toMatch(reason);
      }
    });
  });

  it.each([
    ['no JSON', '{', /schema\.json cannot be parsed as JSON: /],
    ['nothing of a dataset', '[]', /is no declaration of a dataset\. the document: /],
    ['a type of its own', JSON.stringify({ columns: [{ name: 'a', type: 'float' }], label: { column: 'a', kind: 'binary' } }), /columns\.0\.type: .*number/],
    ['a misspelt key', JSON.stringify({ columns: [{ name: 'a', type: 'number', min: 0 }], label: { column: 'a', kind: 'binary' } }), /columns\.0: .*"min"/],
    ['a label elsewhere', JSON.stringify({ columns: [{ name: 'a', type: 'number' }], label: { column: 'b', kind: 'above' } }), /label\.column: 'b' is none of the columns; label\.threshold: /],
  ])('refuses a declaration with %s in one line', async (_, schema, reason) => {
    await withFolder(async (folder) => {
      await writeFile(path.join(folder, 'rows.csv'), 'a\n1\n');
      await writeFile(path.join(folder, 'schema.json'), schema);
      const { error } = await slipway('validate', path.join(folder, 'rows.csv'), '--schema', path.join(folder, 'schema.json'));
      expect(error).toMatch(reason);
      expect(error).not.toContain('\n');
    });
  });
});

it('refuses what is no file in one line', async () => {
  expect((await slipway('validate', '/nowhere/rows.csv')).error).toBe('/nowhere/rows.csv cannot be read: there is no such file or folder.');
  expect((await slipway('validate', import.meta.dirname)).error).toMatch(/^Several files without --schema, expected both/);
  expect((await slipway('validate', import.meta.filename, import.meta.dirname, '--schema', 'x.json')).error).toMatch(/is no file, expected CSV, JSON lines or Parquet/);
  expect((await slipway('validate', import.meta.filename, '--baseline', 'x.csv')).error).toMatch(/^--baseline without --schema/);
  expect((await slipway('validate', import.meta.filename, '--checks', 'x.json')).error).toMatch(/^--checks without --schema/);
  expect((await slipway('validate', import.meta.filename, '--schema', '/nowhere.json')).error).toMatch(/^The schema \/nowhere.json cannot be read/);
});

it('ends with exit code 1, and JSON on standard output, where a file is refused', async () => {
  await withFolder(async (folder) => {
    const file = path.join(folder, 'rows.csv');
    await writeFile(file, gzipSync('a,b\n1,2\n').subarray(0, 20));
    const run = spawnSync(process.execPath, [path.resolve(import.meta.dirname, '../../bin/slipway.ts'), 'validate', file, '--json'], { encoding: 'utf8' });
    expect(run.status).toBe(1);
    expect((JSON.parse(run.stdout) as Result).reasons).toEqual(['The gzip-compressed file ends early, it is truncated. Upload it again.']);
    expect(run.stderr).toBe('');
    expect((await readFile(file)).length).toBe(20);
  });
});
