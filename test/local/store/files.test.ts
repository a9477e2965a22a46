import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openFiles } from '../../../local/store/files.ts';
import { temporaryDirectory } from '../support/assembly.ts';

const text = async (stream: Readable) => (await stream.setEncoding('utf8').toArray()).join('');

test('bytes are aside until they are kept, and gone when they are removed', async () => {
  const directory = temporaryDirectory();
  const files = openFiles(directory);
  const pending = await files.write(Readable.from([Buffer.from('hello '), Buffer.from('world')]));
  expect([pending.size, pending.md5]).toEqual([11, '5eb63bbbe01eeed093cb22bb8f5acdc3']);
  const name = await pending.keep();
  expect(readdirSync(path.join(directory, 'pending'))).toEqual([]);
  expect(await text(await files.read(name, { start: 6, end: 8 }))).toBe('wor');
  const open = await files.read(name);
  await files.remove(name);
  expect(await text(open)).toBe('hello world');
  await expect(files.read(name)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a stream that breaks leaves nothing, and a crash is cleared at the next start', async () => {
  const directory = temporaryDirectory();
  const files = openFiles(directory);
  const broken = Readable.from((async function* () { yield Buffer.from('x'); throw new Error('gone'); })());
  await expect(files.write(broken)).rejects.toThrow('gone');
  expect(readdirSync(path.join(directory, 'pending'))).toEqual([]);
  writeFileSync(path.join(directory, 'pending', 'half'), 'x');
  openFiles(directory);
  expect(readdirSync(path.join(directory, 'pending'))).toEqual([]);
});

test('files that no one names are swept, the others stay', async () => {
  const directory = temporaryDirectory();
  const files = openFiles(directory);
  const [kept, orphan] = [await (await files.write(Readable.from(['a']))).keep(), await (await files.write(Readable.from(['b']))).keep()];
  files.sweep(new Set([kept]));
  expect(await text(await files.read(kept))).toBe('a');
  await expect(files.read(orphan)).rejects.toMatchObject({ code: 'ENOENT' });
});
