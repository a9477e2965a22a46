import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { invalidArgument } from './errors.ts';

/** A checksum under way. */
export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  /** Base64. */
  digest(): Promise<string>;
}

const algorithms: Readonly<Record<string, () => RunningChecksum>> = {
  CRC32: () => {
    let value = 0;
    return { update: (chunk) => void (value = crc32(chunk, value)), digest: async () => Buffer.from(value.toString(16).padStart(8, '0'), 'hex').toString('base64') };
  },
  CRC32C: () => ofSdk(new Crc32c()),
  CRC64NVME: () => ofSdk(new Crc64Nvme()),
  SHA1: () => ofNode('sha1'),
  SHA256: () => ofNode('sha256'),
};

function ofNode(name: string): RunningChecksum {
  const hash = createHash(name);
  return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest('base64') };
}

function ofSdk(checksum: { update(data: Uint8Array): void; digest(): Promise<Uint8Array> }): RunningChecksum {
  return { update: (chunk) => checksum.update(chunk), digest: async () => Buffer.from(await checksum.digest()).toString('base64') };
}

/** The names of the algorithms, as `ChecksumAlgorithm` takes them. */
const checksumAlgorithms: readonly string[] = Object.keys(algorithms);

/** The member that carries a checksum: `ChecksumCRC32`. */
export function checksumMember(algorithm: string): string {
  return `Checksum${algorithm}`;
}

/** Starts a checksum. */
export function startChecksum(algorithm: string): RunningChecksum {
  const start = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
  if (!start) throw invalidArgument(`The checksum algorithm ${algorithm} is not served on the laptop: it knows ${checksumAlgorithms.join(', ')}.`);
  return start();
}

/** The algorithm that a request asks for, or whose value it brings. */
export function requestedAlgorithm(input: Readonly<Record<string, unknown>>): string | undefined {
  const asked = input['ChecksumAlgorithm'];
  if (typeof asked === 'string') return asked.toUpperCase();
  return checksumAlgorithms.find((algorithm) => input[checksumMember(algorithm)] !== undefined);
}
