import type { Template } from 'aws-cdk-lib/assertions';
import { References } from '../../../scripts/synth/references.ts';
import { templateStack } from '../../../scripts/synth/assembly.ts';
import type { Template as RawTemplate } from '../../../scripts/synth/assembly.ts';
import type { AslMachine } from '../../../scripts/synth/definitions.ts';

/** The definition of a pipeline's state machine, else that of the one machine in a template, with references as texts. */
export function machineOf(template: Template): AslMachine {
  const stack = templateStack('Stack', template.toJSON() as RawTemplate);
  const machines = stack.resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  const machine = machines.find(({ properties }) => JSON.stringify(properties).includes('ValidateData')) ?? machines[0];
  return JSON.parse(new References([stack]).text('Stack', machine!.properties['DefinitionString'])) as AslMachine;
}

/** What a state hands its function. */
export function payloadOf(template: Template, state: string): Record<string, unknown> {
  return (machineOf(template).States[state]?.Arguments as { Payload: Record<string, unknown> }).Payload;
}
