import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const endOfDirectoryBytes = 22;
const entryBytes = 46;
const localHeaderBytes = 30;

/**
 * Unpacks a zip file (stored and deflated entries) into a folder.
 * @throws when it is no zip file, or an entry would lie outside of the folder
 */
export function unzip(file: string, folder: string): void {
  const zip = readFileSync(file);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + endOfDirectoryBytes > zip.length || zip.readUInt32LE(end) !== endOfDirectory) throw new Error(`${file} is not a zip file.`);
  let position = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (zip.readUInt32LE(position) !== directoryEntry) throw new Error(`${file} is damaged: no entry at byte ${position} of its directory.`);
    const nameBytes = zip.readUInt16LE(position + 28);
    const name = zip.toString('utf8', position + entryBytes, position + entryBytes + nameBytes);
    extract(zip, position, target(folder, name, file));
    position += entryBytes + nameBytes + zip.readUInt16LE(position + 30) + zip.readUInt16LE(position + 32);
  }
}

function target(folder: string, name: string, file: string): string {
  const full = path.resolve(folder, name);
  if (full !== path.resolve(folder) && !full.startsWith(path.resolve(folder) + path.sep)) throw new Error(`${file} holds ${name}, which lies outside of it.`);
  return name.endsWith('/') ? full + path.sep : full;
}

function extract(zip: Buffer, entry: number, file: string): void {
  if (file.endsWith(path.sep)) {
    mkdirSync(file, { recursive: true });
    return;
  }
  const method = zip.readUInt16LE(entry + 10);
  const compressedBytes = zip.readUInt32LE(entry + 20);
  const mode = zip.readUInt32LE(entry + 38) >>> 16;
  const header = zip.readUInt32LE(entry + 42);
  const start = header + localHeaderBytes + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + compressedBytes);
  if (method !== 0 && method !== 8) throw new Error(`${path.basename(file)} is packed with method ${method}: expected 0 (stored) or 8 (deflated).`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, method === 0 ? packed : inflateRawSync(packed));
  if ((mode & 0o111) !== 0) chmodSync(file, mode & 0o777);
}
