import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bundlePrograms } from '../../scripts/build/bundle.ts';
import { nativeFiles } from '../../scripts/build/native-packages.ts';
import type { Arch } from '../../scripts/build/platform.ts';

/** The processors of ELF files, by the number in their header. */
const machines: Readonly<Record<number, Arch>> = { 0x3e: 'x64', 0xb7: 'arm64' };

/** The processor that a binary is for. */
function machineOf(file: string): Arch | undefined {
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return header.toString('latin1', 0, 4) === '\x7fELF' ? machines[header.readUInt16LE(18)] : undefined;
}

const filesOf = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

// What a cold start downloads and unpacks, besides the model.
test.each<[Arch, number]>([['arm64', 30_000_000], ['x64', 50_000_000]])('the prediction function for %s unpacks to at most %d bytes, and holds binaries for it alone', async (arch, most) => {
  const [bundle] = await bundlePrograms([{ name: 'inference', source: 'lambda/inference/handler.ts', files: [] }]);
  const files = await nativeFiles(bundle!.natives, arch, filesOf);
  const code = Object.values(bundle!.code).reduce((sum, { length }) => sum + length, 0);
  const bytes = files.reduce((sum, { from }) => sum + statSync(from).size, code);
  expect(bytes).toBeLessThanOrEqual(most);
  const binaries = files.filter(({ from }) => /\.node$|\.so(\.|$)/.test(from));
  expect(binaries.map(({ to }) => path.basename(to)).sort()).toEqual(['libonnxruntime.so.1', 'onnxruntime_binding.node']);
  expect(binaries.map(({ from }) => machineOf(from))).toEqual([arch, arch]);
  console.log(JSON.stringify({ bundle: 'inference', arch, bytes, code }));
});
