/** Mixes integers into 32 random-looking bits. The same integers give the same bits on every machine and thread. */
export function hash32(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Draws a share of the items, at least one, in their own order, from nothing but the key. */
export function drawShare(items: readonly number[], share: number, key: readonly [number, number, number]): readonly number[] {
  if (share >= 1) return items;
  const count = Math.max(1, Math.floor(items.length * share));
  const keyed = items.map((item) => ({ item, order: hash32(hash32(...key), item, 0x51ed) }));
  keyed.sort((a, b) => a.order - b.order || a.item - b.item);
  return keyed.slice(0, count).map((entry) => entry.item).sort((a, b) => a - b);
}
