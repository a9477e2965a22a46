import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { AslMachine } from '../../../scripts/synth/definitions.ts';
import { templateStack } from '../../../scripts/synth/assembly.ts';
import type { Template as RawTemplate } from '../../../scripts/synth/assembly.ts';
import { References } from '../../../scripts/synth/references.ts';
import { TrainingPipeline } from '../../../lib/index.ts';
import type { TrainingPipelineOptions } from '../../../lib/index.ts';
import { ground, learning, OwnTarget, statementsOf, testStack } from '../support.ts';

/** A pipeline in a stack, with its template and its state machine. */
export function render(options: Partial<TrainingPipelineOptions> = {}, stack: Stack = testStack()) {
  const { platform, registry } = ground(stack);
  const pipeline = new TrainingPipeline(stack, 'Flights', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, ...options });
  const template = Template.fromStack(stack);
  return { stack, platform, pipeline, template, machine: machineOf(template) };
}

/** The definition in the template, with references as texts. */
export function machineOf(template: Template): AslMachine {
  const stack = templateStack('Stack', template.toJSON() as RawTemplate);
  const [machine] = stack.resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  return JSON.parse(new References([stack]).text('Stack', machine!.properties['DefinitionString'])) as AslMachine;
}

/** The arguments of a state. */
export const argumentsOf = (machine: AslMachine, state: string) => machine.States[state]?.Arguments as Record<string, Record<string, unknown>>;

/** The actions that a role is allowed. */
export const actionsOf = (template: Template, role: RegExp) => [...new Set(statementsOf(template, role).flatMap(({ actions }) => actions))].sort();
