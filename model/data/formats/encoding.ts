import { isAscii, isUtf8 } from 'node:buffer';

/** How a text is encoded. `mixed` is UTF-8 with broken places. */
export type TextEncoding = 'utf-8' | 'mixed' | 'latin-1' | 'windows-1252' | 'unknown';

/** Above so many sequences of UTF-8 there is no doubt, and counting stops. */
const enoughSequences = 1000;

/** Finds the encoding of a text that comes in chunks. */
export class EncodingDetector {
  #carried = Buffer.alloc(0);
  #sequences = 0;
  /** Bytes above ASCII that are no part of UTF-8. */
  #strays = 0;
  /** Strays from 0x80 to 0x9f: control characters in Latin-1, letters and signs in Windows-1252. */
  #c1 = 0;
  /** Of those the five that Windows-1252 does not know either. */
  #undefined = 0;

  add(bytes: Buffer): void {
    const chunk = this.#carried.length === 0 ? bytes : Buffer.concat([this.#carried, bytes]);
    const whole = chunk.length - incompleteTail(chunk);
    this.#carried = Buffer.from(chunk.subarray(whole));
    this.#count(chunk.subarray(0, whole));
  }

  end(): TextEncoding {
    this.#count(this.#carried);
    if (this.#strays === 0) return 'utf-8';
    if (this.#sequences >= this.#strays) return 'mixed';
    if (this.#undefined > 0) return 'unknown';
    return this.#c1 > 0 ? 'windows-1252' : 'latin-1';
  }

  #count(chunk: Buffer): void {
    if (isAscii(chunk)) return;
    if (isUtf8(chunk) && this.#sequences > enoughSequences) return;
    for (let index = 0; index < chunk.length; ) {
      const byte = chunk[index]!;
      const length = byte < 0x80 ? 1 : sequenceAt(chunk, index);
      if (byte >= 0x80 && length > 0) this.#sequences += 1;
      if (length === 0) this.#addStray(byte);
      index += Math.max(1, length);
    }
  }

  #addStray(byte: number): void {
    this.#strays += 1;
    if (byte <= 0x9f) this.#c1 += 1;
    if (byte <= 0x9f && windows1252[byte - 0x80] === undefined) this.#undefined += 1;
  }
}

/** What Windows-1252 puts where Latin-1 has control characters. */
const windows1252: readonly (string | undefined)[] = [
  '€', undefined, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', undefined, 'Ž', undefined,
  undefined, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', undefined, 'ž', 'Ÿ',
];

/** Text in Latin-1, or in Windows-1252, which says the same and more. */
export function decodeSingleBytes(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (character) => windows1252[character.charCodeAt(0) - 0x80] ?? character);
}

/** The length of the UTF-8 sequence that begins there, 0 where none does. */
function sequenceAt(chunk: Buffer, index: number): number {
  const length = lengthOf(chunk[index]!);
  return length > 1 && index + length <= chunk.length && isUtf8(chunk.subarray(index, index + length)) ? length : 0;
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return lead <= 0xf4 ? 4 : 0;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc2 ? 2 : 0;
}

/** How many bytes at the end may be the beginning of a sequence that the next chunk goes on with. */
function incompleteTail(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back += 1) {
    const byte = chunk[chunk.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}
