import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unzip } from '../../../local/compute/unzip.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'unzip-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Entry {
  readonly name: string;
  readonly content: string;
  readonly method: 0 | 8;
  readonly mode?: number;
}

/** Writes a zip file as the format's description has it; checksums are left out, since nothing here reads them. */
function zip(entries: readonly Entry[]): string {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method, mode = 0o644 } of entries) {
    const data = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(mode * 0x10000, 38);
    central.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), data);
    directory.push(central, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  const file = path.join(folder, 'code.zip');
  writeFileSync(file, Buffer.concat([...parts, ...directory, end]));
  return file;
}

describe('unzip', () => {
  it('unpacks stored and deflated files, folders and what may be executed', () => {
    const text = 'exports.handler = 1;\n'.repeat(50);
    unzip(zip([{ name: 'lib/', content: '', method: 0 }, { name: 'lib/index.js', content: text, method: 8 }, { name: 'run', content: '#!', method: 0, mode: 0o755 }]), path.join(folder, 'out'));
    expect(readFileSync(path.join(folder, 'out/lib/index.js'), 'utf8')).toBe(text);
    expect(statSync(path.join(folder, 'out/run')).mode & 0o111).toBe(0o111);
  });

  it('refuses what is no zip file, or reaches out of its folder', () => {
    writeFileSync(path.join(folder, 'no.zip'), 'hello');
    expect(() => unzip(path.join(folder, 'no.zip'), folder)).toThrow('is not a zip file');
    expect(() => unzip(zip([{ name: '../evil', content: 'x', method: 0 }]), path.join(folder, 'out'))).toThrow('lies outside of it');
  });
});
