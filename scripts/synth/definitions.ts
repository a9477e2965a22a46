import { whereIs } from './assembly.ts';
import type { TemplateStack } from './assembly.ts';
import { References } from './references.ts';

/** A state of a definition, as far as the checks read it. */
export interface AslState {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly TimeoutSeconds?: unknown;
  readonly Retry?: unknown;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Branches?: readonly AslMachine[];
  readonly ItemProcessor?: AslMachine;
}

/** A definition, or a branch of one. */
export interface AslMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: unknown;
}

/** A state machine's definition and where it stands. */
export interface Definition {
  readonly where: string;
  readonly machine: AslMachine;
}

/** The definitions of every state machine in the stacks. */
export function definitionsOf(stacks: readonly TemplateStack[]): Definition[] {
  const references = new References(stacks);
  return stacks.flatMap(({ resources }) =>
    resources
      .filter(({ type }) => type === 'AWS::StepFunctions::StateMachine')
      .map((resource) => ({
        where: whereIs(resource),
        machine: JSON.parse(references.text(resource.stack, resource.properties['DefinitionString'])) as AslMachine,
      })),
  );
}

/** Every state with its name, those of branches and item processors as well. */
export function* statesOf(machine: AslMachine): Generator<readonly [name: string, state: AslState]> {
  for (const [name, state] of Object.entries(machine.States)) {
    yield [name, state];
    for (const branch of state.Branches ?? []) yield* statesOf(branch);
    if (state.ItemProcessor !== undefined) yield* statesOf(state.ItemProcessor);
  }
}
