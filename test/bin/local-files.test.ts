import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { localDataset } from '../../bin/cli/local-files.ts';
import { withFolder } from '../model/data/files.ts';

it('is a file, several, or a folder with what is hidden left out', async () => {
  await withFolder(async (folder) => {
    const place = (name: string): string => path.join(folder, name);
    await mkdir(place('märz + 2026/b'), { recursive: true });
    await mkdir(place('märz + 2026/_temporary'));
    await mkdir(place('empty'));
    for (const name of ['a.csv', 'märz + 2026/ü+1 2.csv', 'märz + 2026/b/2.csv', 'märz + 2026/_SUCCESS', 'märz + 2026/.hidden', 'märz + 2026/_temporary/x.csv']) await writeFile(place(name), 'xy');
    expect(await localDataset([place('a.csv')])).toEqual({ name: 'a.csv', isFile: true, files: [{ path: place('a.csv'), name: 'a.csv', bytes: 2 }] });
    const whole = await localDataset([`${place('märz + 2026')}/`]);
    expect({ ...whole, files: whole.files.map(({ name }) => name) }).toEqual({ name: 'märz + 2026', isFile: false, files: ['b/2.csv', 'ü+1 2.csv'] });
    expect((await localDataset([place('märz + 2026/b/2.csv'), place('a.csv')])).files.map(({ name }) => name)).toEqual(['2.csv', 'a.csv']);
    await expect(localDataset([place('a.csv'), place('a.csv')])).rejects.toThrow('Two files are called a.csv, expected different names');
    await expect(localDataset([place('empty')])).rejects.toThrow(/holds no data file/);
    await expect(localDataset([place('a.csv'), place('empty')])).rejects.toThrow(/empty is no file/);
    await expect(localDataset([place('gone.csv')])).rejects.toThrow(/gone\.csv cannot be read/);
  });
});
