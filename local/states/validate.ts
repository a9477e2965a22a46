import { report, type Check } from './check.ts';
import type { QueryLanguage, StateMachine } from './definition.ts';
import { DefinitionError, type DefinitionProblem } from './errors.ts';
import { isObject, type Json, type JsonObject } from './types.ts';
import { checkState } from './validate-state.ts';

const longestName = 80;

/** Reads a definition (its text, or the parsed object) and checks it. Throws a DefinitionError that names each problem's place. */
export function parseDefinition(definition: unknown): StateMachine {
  const problems: DefinitionProblem[] = [];
  const machine = typeof definition === 'string' ? parseText(definition) : (definition as Json);
  if (!isObject(machine)) throw new DefinitionError([{ path: '/', message: 'The definition must be an object' }]);
  const check: Check = { path: '', language: languageOf(machine, 'JSONPath'), problems, flow: checkFlow };
  const { TimeoutSeconds } = machine;
  if (TimeoutSeconds !== undefined && !(Number.isInteger(TimeoutSeconds) && (TimeoutSeconds as number) > 0)) {
    report(check, 'TimeoutSeconds', `TimeoutSeconds must be a positive integer, found ${JSON.stringify(TimeoutSeconds)}`);
  }
  checkFlow(machine, check);
  if (problems.length > 0) throw new DefinitionError(problems);
  return machine as unknown as StateMachine;
}

function parseText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new DefinitionError([{ path: '/', message: `The definition is no JSON: ${(error as Error).message}` }]);
  }
}

function languageOf(fields: JsonObject, inherited: QueryLanguage): QueryLanguage {
  const { QueryLanguage: language } = fields;
  return language === 'JSONPath' || language === 'JSONata' ? language : inherited;
}

/** Checks a flow: its states, and that it can be walked through. */
function checkFlow(flow: JsonObject, check: Check): void {
  const { StartAt, States, QueryLanguage: language } = flow;
  if (language !== undefined && language !== 'JSONPath' && language !== 'JSONata') {
    report(check, 'QueryLanguage', `QueryLanguage must be JSONPath or JSONata, found ${JSON.stringify(language)}`);
  }
  if (!isObject(States) || Object.keys(States).length === 0) {
    report(check, 'States', 'A flow needs at least one state');
    return;
  }
  if (typeof StartAt !== 'string' || !Object.hasOwn(States, StartAt)) {
    report(check, 'StartAt', `StartAt must name one of the states ${Object.keys(States).join(', ')}, found ${JSON.stringify(StartAt) ?? 'nothing'}`);
  }
  for (const [name, state] of Object.entries(States)) {
    const path = `${check.path}/States/${name}`;
    const inner: Check = { ...check, path };
    if (name.length > longestName) report(inner, '', `A state's name may have ${longestName} characters, found ${name.length}`);
    if (!isObject(state)) report(inner, '', `A state must be an object, found ${JSON.stringify(state)}`);
    else checkState(state, { ...inner, language: languageOf(state, check.language) }, Object.keys(States), check.language);
  }
}
