import { AssemblyError } from './template.ts';

/** `Fn::Cidr` for IPv4: `count` blocks of `bits` host bits each, one after the other from the start of `block`. */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [, address = '', prefix] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(block) ?? [];
  if (prefix === undefined) throw new AssemblyError(`Fn::Cidr takes an IPv4 block such as 10.0.0.0/16 and was given "${block}".`);
  const size = 2 ** bits;
  if (count * size > 2 ** (32 - Number(prefix))) throw new AssemblyError(`Fn::Cidr: ${count} blocks of ${size} addresses do not fit into ${block}.`);
  const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Array.from({ length: count }, (_, index) => `${dotted(start + index * size)}/${32 - bits}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
