import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';
import { definitionsOf } from '../../scripts/synth/definitions.ts';
import type { AslMachine } from '../../scripts/synth/definitions.ts';
import { templateStack } from '../../scripts/synth/assembly.ts';
import type { Template as RawTemplate } from '../../scripts/synth/assembly.ts';

/** The stacks of an example, with its pipeline in one of them. */
export interface ExampleStacks {
  readonly platform: Stack;
  readonly serving: Stack;
  readonly pipeline: Stack;
}

/** The stacks in the order in which they are deployed. */
export const stacksOf = ({ platform, serving, pipeline }: ExampleStacks): Stack[] => [platform, serving, pipeline];

/** A stack's template. */
export const raw = (stack: Stack): RawTemplate => Template.fromStack(stack).toJSON() as RawTemplate;

/** The state machine of the example's pipeline. */
export function machineOf(example: ExampleStacks): AslMachine {
  const definitions = definitionsOf(stacksOf(example).map((stack) => templateStack(stack.stackName, raw(stack))));
  // Beside those of the targets' rollouts.
  return definitions.find(({ machine }) => 'ValidateData' in machine.States)!.machine;
}

/** What a Lambda state hands to its function. */
export function payloadOf(machine: AslMachine, state: string): Readonly<Record<string, unknown>> {
  return (machine.States[state]!.Arguments as { Payload: Record<string, unknown> }).Payload;
}
