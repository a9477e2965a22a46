import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openStore, StateDirectoryBusyError } from '../../../local/store/sqlite.ts';
import { temporaryDirectory } from '../support/assembly.ts';

test('documents are kept by service, kind and id, in the order of their ids', () => {
  const directory = temporaryDirectory();
  const store = openStore(directory);
  const things = store.collection<{ n: number }>('test', 'thing');
  for (const [n, id] of ['b', 'a/2', 'a/1', 'é', '\u{1F600}', 'a%'].entries()) things.put(id, { n });
  store.collection('test', 'other').put('a/0', {});
  things.put('b', { n: 7 });
  expect(things.list().map(({ id }) => id)).toEqual(['a%', 'a/1', 'a/2', 'b', 'é', '\u{1F600}']);
  expect(things.list('a/')).toEqual([{ id: 'a/1', value: { n: 2 } }, { id: 'a/2', value: { n: 1 } }]);
  expect(things.page({ after: 'a/1', limit: 2 }).map(({ id }) => id)).toEqual(['a/2', 'b']);
  expect([things.delete('b'), things.delete('b'), things.get('b')]).toEqual([true, false, undefined]);
  store.close();
  const again = openStore(directory);
  expect(again.collection('test', 'thing').get('a/1')).toEqual({ n: 2 });
  again.close();
});

test('a transaction is all or nothing, and so is one within another', () => {
  const store = openStore(temporaryDirectory());
  const things = store.collection<number>('test', 'thing');
  expect(() => store.transaction(() => { things.put('a', 1); throw new Error('no'); })).toThrow('no');
  store.transaction(() => {
    things.put('b', 1);
    expect(() => store.transaction(() => { things.put('c', 1); throw new Error('no'); })).toThrow('no');
    things.put('d', 1);
  });
  expect(things.list().map(({ id }) => id)).toEqual(['b', 'd']);
  store.close();
});

test('a state directory serves one laptop at a time; a killed one leaves its writes and no lock', async () => {
  const directory = temporaryDirectory();
  const source = path.resolve('local/store/sqlite.ts');
  const script = `const { openStore } = await import(${JSON.stringify(source)}); openStore(${JSON.stringify(directory)}).collection('test', 'thing').put('id', { kept: true }); console.log('written'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(() => openStore(directory)).toThrow(StateDirectoryBusyError);
  expect(() => openStore(directory)).toThrow(`Another laptop is running on the state directory ${directory}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = openStore(directory);
  expect(store.collection('test', 'thing').get('id')).toEqual({ kept: true });
  store.close();
});
