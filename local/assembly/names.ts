import { createHash } from 'node:crypto';

/** What a generated name derives from. */
export interface NameSource {
  readonly stackName: string;
  readonly logicalId: string;
}

const suffixLength = 12;

/**
 * A name as CloudFormation generates one, `<stack>-<logical id>-<suffix>`, except that the suffix is a
 * hash and so the same at every run. Both names are shortened evenly where the whole is too long.
 */
export function physicalName({ stackName, logicalId }: NameSource, maxLength: number): string {
  const suffix = hashText(`${stackName}/${logicalId}`, suffixLength);
  const room = maxLength - suffixLength - 2;
  const stackRoom = Math.max(Math.floor(room / 2), room - logicalId.length);
  const stack = stackName.slice(0, stackRoom);
  return [stack, logicalId.slice(0, room - stack.length), suffix].join('-');
}

/** Upper-case letters and digits that derive from a text. */
export function hashText(text: string, length: number): string {
  const number = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
  return number.toString(36).toUpperCase().slice(0, length);
}
