import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { slipwayProgram } from '../../bin/cli/program.ts';
import { localDataset } from '../../bin/cli/local-files.ts';
import { startSchema } from '../../lambda/start-pipeline/payload.ts';
import { defaultChecks } from '../../model/spec/check.ts';
import { slipway } from '../bin/support.ts';
import { query, withFolder } from '../model/data/files.ts';

const folderOf = (name: string): string => path.resolve(import.meta.dirname, '../../docs/guides', name);
const guide = await readFile(folderOf('bring-your-data.md'), 'utf8');
const blocks = (language: string, text = guide): string[] => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '');
const commands = (name: string): string[] => blocks('sh').join('').split('\n').flatMap((line) => new RegExp(`^npm run slipway -- (${name} .*)`).exec(line)?.[1] ?? []);

/** The flights of the guide; later ones are farther. */
const flights = (from: number, rows: number, distance = '24 + i * 11 % 4000'): string => `SELECT TIMESTAMP '2001-01-01 06:05:00' + to_minutes(i::INTEGER * 13) AS date, (i * 7 % 90 - 20)::INTEGER AS delay, ${distance} AS distance,
  ['ORD', 'DFW', 'ATL', 'SFO'][1 + i % 4] AS origin, ['SEA', 'ORD', 'DFW'][1 + i % 3] AS destination FROM range(${String(from)}, ${String(from + rows)}) AS t(i)`;

it('has checks of files that do what it says', async () => {
  await withFolder(async (folder) => {
    const place = (name: string): string => path.join(folder, name);
    const write = (name: string, select: string) => query(`COPY (${select}) TO '${place(name)}' (FORMAT csv)`);
    await mkdir(place('flights-2001'));
    await write('flights.csv', flights(0, 500));
    await write('april.csv', flights(500, 400, '(24 + i * 11 % 4000) // 2'));
    await write('flights-2001/1.csv', flights(0, 200));
    await write('flights-2001/2.csv', flights(200, 200));
    const [checks = ''] = blocks('json');
    await writeFile(place('checks.json'), checks);
    await writeFile(place('flights.json'), blocks('json', await readFile(folderOf('convert-and-validate.md'), 'utf8'))[0] ?? '');

    const run = (command: string) => slipway(...command.split(' ').map((word) => (/\.\w+$|\/$/.test(word) ? place(word) : word)));
    const [inspect, check, whole, compare, strict, ...more] = commands('validate');
    expect(more).toEqual([]);
    for (const command of [inspect!, check!, whole!, strict!]) expect(await run(command), command).toMatchObject({ exitCode: 0 });
    expect((await run(whole!)).stdout).toContain('400 rows, 5 columns');
    expect((await run(compare!)).stdout).toMatch(/! 'distance': the distribution is another than the baseline's/);

    // The refusal that the guide shows.
    await write('april.csv', flights(0, 60, '-100 - i'));
    const { stdout, exitCode } = await run(check!.replace('flights.csv', 'april.csv'));
    expect(exitCode).toBe(1);
    const shown = blocks('').find((block) => block.startsWith('april.csv')) ?? '';
    for (const line of shown.split('\n').filter((one) => one.startsWith('✗') || one.startsWith('Refused'))) expect(stdout.replaceAll(place(''), '')).toContain(line);
    expect(stdout.match(/✗/g)).toHaveLength(2);
    await copyFile(place('april.csv'), place('march.csv'));
    expect((await localDataset(['march.csv', 'april.csv'].map(place))).files).toHaveLength(2);
  });
});

it('has commands that start runs as the command line knows them', () => {
  const command = slipwayProgram().commands.find((candidate) => candidate.name() === 'run');
  expect(commands('run')).toHaveLength(4);
  expect(command?.registeredArguments[0]?.variadic).toBe(true);
});

it('has a payload that the start function takes', () => {
  expect(startSchema.safeParse(JSON.parse(blocks('json')[1] ?? '')).success).toBe(true);
});

it('names every check, with what it usually does', () => {
  const rows = guide.split('\n').filter((line) => line.startsWith('| `DataCheck.'));
  for (const { check } of defaultChecks) expect(rows.some((row) => row.includes(`${check}(`)), check).toBe(true);
  const usual = (check: string, level: string): number | undefined => defaultChecks.find((one) => one.check === check && one.level === level)?.bound;
  const row = (check: string): string => rows.find((one) => one.includes(`${check}(`)) ?? '';
  expect(row('nulls')).toContain(`fails above ${String(usual('nulls', 'fail')! * 100)} %`);
  expect(row('rows')).toContain(`fails below ${String(usual('rows', 'fail'))}`);
  expect(row('duplicates')).toContain(`fails above ${String(usual('duplicates', 'fail')! * 100)} %, warns above ${String(usual('duplicates', 'warn')! * 100)} %`);
  expect(row('leakage')).toContain(String(usual('leakage', 'warn')));
  expect(row('drift')).toContain(`distance of ${String(usual('drift', 'warn'))}`);
});
