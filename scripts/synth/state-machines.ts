import validateAsl from 'asl-validator';
import jsonata from 'jsonata';
import { statesOf } from './definitions.ts';
import type { AslMachine, AslState, Definition } from './definitions.ts';
import type { CheckResult, Finding } from './finding.ts';

const check = 'state machines';

/** Checks definitions by asl-validator, by compiling each expression as Step Functions would, and by rules of our own. */
export function checkStateMachines(definitions: readonly Definition[]): CheckResult {
  let states = 0;
  let expressions = 0;
  const findings = definitions.flatMap(({ where, machine }): Finding[] => {
    const found: Finding[] = validatorProblems(machine).map((message) => ({ check, where, message }));
    if (machine.TimeoutSeconds === undefined) found.push({ check, where, message: 'the machine has no TimeoutSeconds: a run could stay for a year.' });
    for (const [name, state] of statesOf(machine)) {
      states += 1;
      const all = [...expressionsOf(state)];
      expressions += all.length;
      for (const message of [...all.flatMap(compilationProblem), ...ruleProblems(state)]) found.push({ check, where: `${where} ${name}`, message });
    }
    return found;
  });
  return { check, looked: `${String(definitions.length)} definitions, ${String(states)} states, ${String(expressions)} expressions`, findings };
}

/** What CloudFormation would say an hour later, or nobody ever. */
function ruleProblems(state: AslState): string[] {
  const problems: string[] = [];
  if (state.Comment === undefined) problems.push('has no Comment.');
  if (state.Type === 'Task') {
    if (!Array.isArray(state.Retry) || state.Retry.length === 0) problems.push('is a Task without Retry.');
    if (state.TimeoutSeconds === undefined) problems.push('is a Task without TimeoutSeconds.');
  }
  for (const { ErrorEquals } of state.Catch ?? []) {
    if (ErrorEquals.includes('States.ALL') && ErrorEquals.length > 1) problems.push('catches States.ALL beside other errors: it must stand alone.');
  }
  return problems;
}

function validatorProblems(machine: AslMachine): string[] {
  // A copy: asl-validator writes into what it checks.
  const { isValid, errors } = validateAsl(structuredClone(machine));
  return isValid ? [] : errors.map((error) => `${error['Error code']}: ${error.Message ?? JSON.stringify(error)}`);
}

/** Every JSONata expression of a state itself, without those of the states in it. */
export function* expressionsOf(value: unknown, top = true): Generator<string> {
  if (typeof value === 'string') {
    const expression = /^\s*\{%([\s\S]*)%\}\s*$/.exec(value)?.[1];
    if (expression !== undefined) yield expression;
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      if (top && (key === 'Branches' || key === 'ItemProcessor' || key === 'Comment')) continue;
      yield* expressionsOf(part, false);
    }
  }
}

/** What jsonata 2.0.6, which Step Functions runs, says of an expression. */
export function compilationProblem(expression: string): string[] {
  if (/\$eval\s*\(/.test(expression)) return [`uses $eval, which Step Functions does not have, in ${expression.trim()}`];
  try {
    jsonata(expression);
    return [];
  } catch (error) {
    return [`the expression ${expression.trim()} does not compile: ${(error as { message: string }).message}`];
  }
}
