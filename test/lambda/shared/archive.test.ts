import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packModel, sourceFiles, unpack, unpackModel } from '../../../lambda/shared/archive.ts';
import { modelFiles } from '../../../model/serving/model-files.ts';
import { sha256 } from '../../../lambda/shared/digest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'archive-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const contents = { [modelFiles.onnx]: 'graph', [modelFiles.description]: '{}', [sourceFiles.booster]: 'trees' };

async function source(name: string, files: Record<string, string> = contents): Promise<string> {
  const place = path.join(folder, name);
  await mkdir(place);
  for (const [file, content] of Object.entries(files)) await writeFile(path.join(place, file), content, { mode: 0o600 });
  return place;
}

async function archiveOf(files: Record<string, string>): Promise<string> {
  const archive = path.join(folder, 'made.tar.gz');
  await create({ file: archive, cwd: await source('made', files), gzip: true }, Object.keys(files));
  return archive;
}

async function target(): Promise<string> {
  const place = path.join(folder, 'target');
  await mkdir(place);
  return place;
}

const manifest = (files: Record<string, string>): string => JSON.stringify({ files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)])) });

test('a packed model is unpacked and checked', async () => {
  const archive = path.join(folder, 'model.tar.gz');
  await packModel(await source('a'), Object.keys(contents), archive);
  const place = await target();
  await unpackModel(archive, place);
  expect(await readFile(path.join(place, 'model.onnx'), 'utf8')).toBe('graph');
  expect(JSON.parse(await readFile(path.join(place, 'manifest.json'), 'utf8'))).toEqual(JSON.parse(manifest(contents)));
});

test('the same content gives the same bytes, whenever and by whomever it was written', async () => {
  const digests = [];
  for (const name of ['a', 'b']) {
    const place = await source(name);
    await utimes(path.join(place, 'model.onnx'), new Date(), new Date(name === 'a' ? 0 : 1e12));
    const archive = path.join(folder, `${name}.tar.gz`);
    await packModel(place, name === 'a' ? Object.keys(contents) : Object.keys(contents).toReversed(), archive);
    digests.push(sha256(await readFile(archive)));
  }
  expect(digests[0]).toBe(digests[1]);
});

test('a file that differs from the manifest is refused', async () => {
  const archive = await archiveOf({ ...contents, 'model.onnx': 'another graph', 'manifest.json': manifest(contents) });
  await expect(unpackModel(archive, await target())).rejects.toMatchObject({ name: 'ArtifactMismatch', message: expect.stringContaining('model.onnx') as string });
});

test('a file that the manifest does not list is refused', async () => {
  const archive = await archiveOf({ ...contents, 'more.so': 'x', 'manifest.json': manifest(contents) });
  await expect(unpackModel(archive, await target())).rejects.toMatchObject({ name: 'ArtifactMismatch', message: expect.stringContaining('more.so') as string });
});

test.each([
  ['without a manifest', contents, 'has no manifest.json'],
  ['with a manifest that is no JSON', { ...contents, 'manifest.json': '{' }, 'is not {"files"'],
  ['with a manifest that lists too little', { ...contents, 'manifest.json': manifest({ 'model.onnx': 'graph' }) }, 'lists no model.json'],
  ['without a listed file', { 'model.onnx': 'graph', 'model.json': '{}', 'manifest.json': manifest(contents) }, 'lacks xgboost-model'],
  ['without what was trained', { 'model.onnx': 'graph', 'model.json': '{}', 'manifest.json': manifest({ 'model.onnx': 'graph', 'model.json': '{}' }) }, 'lists none of xgboost-model, source.onnx'],
])('an artifact %s is refused', async (_what, files, message) => {
  await expect(unpackModel(await archiveOf(files), await target())).rejects.toMatchObject({ name: 'ArtifactInvalid', message: expect.stringContaining(message) as string });
});

test('what is no archive is refused', async () => {
  const file = path.join(folder, 'model.tar.gz');
  await writeFile(file, 'not gzip');
  await expect(unpack(file, await target())).rejects.toMatchObject({ name: 'ArtifactInvalid' });
});
