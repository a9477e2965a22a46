/**
 * Whether instances of a type have disks of their own, which encrypt themselves: SageMaker rejects a key for their volumes
 * (`VolumeKmsKeyId`). AWS marks them by a `d` behind the generation (`m5d`, `g4dn`, `m6id`); some accelerated families always have them.
 */
export function hasLocalStorage(instanceType: string): boolean {
  const family = instanceType.replace(/^ml\./, '').split('.')[0] ?? '';
  return /^[a-z]+\d+[a-z]*d/.test(family) || /^(g5|g6|g6e|gr6|p5|p5e|p5en|p6|trn1|trn1n|trn2|i\d)/.test(family);
}
