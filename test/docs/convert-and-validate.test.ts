import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { create } from 'tar';
import { expect, it } from 'vitest';
import { slipway } from '../bin/support.ts';
import { query, withFolder, writeParquet } from '../model/data/files.ts';
import { fixtureFolder } from '../model/xgboost/fixtures.ts';

const guide = await readFile(path.resolve(import.meta.dirname, '../../docs/guides/convert-and-validate.md'), 'utf8');
const blocks = (language: string): string[] => [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '');

/** The flights of the guide: its own columns. */
const flights = `SELECT TIMESTAMP '2001-01-01 06:05:00' + to_minutes(i * 13) AS date, (i * 7 % 90 - 20)::INTEGER AS delay, 24 + i * 11 % 4000 AS distance,
  ['ORD', 'DFW', 'ATL', 'SFO'][1 + i % 4] AS origin, ['SEA', 'ORD', 'DFW'][1 + i % 3] AS destination FROM range(500) AS t(i)`;

it('has commands that do what it says', async () => {
  await withFolder(async (folder) => {
    const inFolder = (name: string): string => path.join(folder, name);
    await writeParquet(inFolder('flights.parquet'), flights);
    await writeFile(inFolder('flights.csv'), await csvOf(flights));
    await writeFile(inFolder('flights.json'), blocks('json')[0] ?? '');
    await copyFile(path.join(fixtureFolder, 'binary-missing.ubj'), inFolder('model.ubj'));
    await copyFile(path.join(fixtureFolder, 'regression.ubj'), inFolder('xgboost-model'));
    await create({ file: inFolder('model.tar.gz'), cwd: folder, gzip: true }, ['xgboost-model']);

    const commands = blocks('sh').join('').split('\n').flatMap((line) => /^npm run slipway -- (.*)/.exec(line)?.[1] ?? []);
    expect(commands).toHaveLength(5);
    for (const command of commands) {
      const words = command.split(' ').map((word) => (/\.\w+$/.test(word) ? inFolder(word) : word));
      const { exitCode, error, stdout } = await slipway(...words);
      expect({ exitCode, error }, command).toEqual({ exitCode: 0, error: undefined });
      if (words.includes('--json')) expect(JSON.parse(stdout)).toBeTypeOf('object');
    }
  });
});

async function csvOf(select: string): Promise<string> {
  return withFolder(async (folder) => {
    await query(`COPY (${select}) TO '${folder}/rows.csv' (FORMAT csv)`);
    return readFile(`${folder}/rows.csv`, 'utf8');
  });
}
