import { Aws, Fn, Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The first part of a stack's GUID. */
const guidLength = 8;

/**
 * A name in lower case that is unique per stack, and per time that the stack is made: what an earlier one left under its name is not in the way.
 * @param more what else tells the name apart
 */
export function deploymentName(scope: Construct, maxLength: number, more?: string): string {
  const end = more === undefined ? '' : `-${more}`;
  const stable = Names.uniqueResourceName(scope, { maxLength: maxLength - guidLength - 1 - end.length, separator: '-' }).toLowerCase();
  const guid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${stable}${end}-${Fn.select(0, Fn.split('-', guid))}`;
}
